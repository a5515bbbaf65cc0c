DROP TABLE acceptance_numbers;
DROP TABLE timeline;
DROP TABLE parties;
DROP TABLE matters;
DROP TABLE cases;
