DROP INDEX parties_identifier;
DROP TABLE matter_links;
