DROP TABLE sessions;
DROP TABLE proceedings;
DROP TABLE orders;
DROP TABLE cases;
