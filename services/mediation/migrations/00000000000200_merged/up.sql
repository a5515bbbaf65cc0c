-- The case another one goes on in 并案: no proceeding is opened for the orders of a merged case.
ALTER TABLE cases ADD COLUMN merged_into uuid;
