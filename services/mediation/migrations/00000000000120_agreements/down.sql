DROP TABLE obligations;
DROP TABLE agreements;
