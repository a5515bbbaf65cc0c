DROP TABLE rosters;
DROP TABLE consultation_calls;
DROP TABLE consultations;
