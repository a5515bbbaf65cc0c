-- Since when an agreement binds nobody any more: another one took its place, or the parties took another way (人民调解法 33).
ALTER TABLE agreements ADD COLUMN voided_at timestamptz;
