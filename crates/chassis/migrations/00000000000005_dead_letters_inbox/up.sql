-- Whether the inbox has the message. What did not pass the checks between nodes is kept without a place there; when it passes
-- them later, the inbox decides whether it was applied already.
ALTER TABLE dead_letters ADD COLUMN in_inbox boolean NOT NULL DEFAULT true;
UPDATE dead_letters SET in_inbox = false WHERE problem IN ('message-refused', 'invalid-header');
