DROP TABLE organisations;
DROP TABLE orders;
DROP TABLE decisions;
DROP TABLE proposals;
DROP TABLE cases;
