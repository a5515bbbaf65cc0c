DROP TABLE notifications;
DROP INDEX timeline_untold;
ALTER TABLE timeline DROP COLUMN told;
