DROP TABLE organisation_messages;
