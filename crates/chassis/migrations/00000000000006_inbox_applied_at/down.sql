DROP INDEX inbox_applied_at;
