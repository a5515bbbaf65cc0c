CREATE TABLE notes (id uuid PRIMARY KEY, case_id uuid NOT NULL, text text NOT NULL UNIQUE);
