DROP TABLE mediators;
DROP TABLE organisations;
