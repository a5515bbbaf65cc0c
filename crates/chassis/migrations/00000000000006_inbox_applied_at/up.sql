-- What was applied long ago is removed by its age; the table is the longest of all.
CREATE INDEX inbox_applied_at ON inbox (applied_at);
