DROP TABLE supervisions;
DROP TABLE urges;
