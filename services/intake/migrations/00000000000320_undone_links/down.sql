DROP TABLE undone_links;
