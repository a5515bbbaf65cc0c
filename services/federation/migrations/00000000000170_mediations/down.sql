DROP TABLE mediations;
