-- The person's time to ask for a review counts from when they received the opinion (信访工作条例 35, 36), and a petition has an end.
ALTER TABLE petitions
    ADD COLUMN served_at timestamptz,
    ADD COLUMN ended_at  timestamptz;
UPDATE petitions SET ended_at = updated_at WHERE state IN ('guided', 'final');
-- Who gives an opinion does not review it.
ALTER TABLE petition_steps ADD COLUMN organisation_id uuid;
