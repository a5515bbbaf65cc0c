-- What became of a message after a gateway took it: the operator's word that it arrived, and that its person has read it.
ALTER TABLE notifications ADD COLUMN received_at timestamptz, ADD COLUMN read_at timestamptz;
