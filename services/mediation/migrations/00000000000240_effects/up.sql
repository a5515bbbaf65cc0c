-- Other ways than confirmation by which an agreement can be enforced as it is now: codes of the policy pack.
ALTER TABLE agreements ADD COLUMN enforceable_by text[] NOT NULL DEFAULT '{}';
