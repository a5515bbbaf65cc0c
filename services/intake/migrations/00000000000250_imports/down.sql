DROP TABLE imported_matters;
