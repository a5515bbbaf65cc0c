DROP TABLE petition_steps;
DROP TABLE petitions;
