DROP TABLE unseen_steps;
