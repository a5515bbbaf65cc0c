ALTER TABLE cases DROP COLUMN closed_at;
DROP TABLE order_acts;
