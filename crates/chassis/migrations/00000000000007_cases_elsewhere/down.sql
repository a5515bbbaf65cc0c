DROP INDEX clocks_open_case;
DROP TABLE cases_elsewhere;
