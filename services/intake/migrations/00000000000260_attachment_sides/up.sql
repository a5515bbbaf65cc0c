-- Whose material it is, what it is, and whether the other side may read it. Without a word it is for its own side and for staff.
ALTER TABLE attachments
    -- A code of the policy pack's list of documents of a file.
    ADD COLUMN kind       text,
    -- The side it belongs to; none = staff's own.
    ADD COLUMN side       text CHECK (side IN ('applicant', 'respondent', 'third_party')),
    ADD COLUMN visibility text NOT NULL DEFAULT 'own_side' CHECK (visibility IN ('own_side', 'parties'));
UPDATE attachments AS a SET side = p.side FROM parties AS p WHERE p.matter_id = a.matter_id AND p.account_subject = a.added_by;
