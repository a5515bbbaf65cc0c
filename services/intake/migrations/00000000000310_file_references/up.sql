-- A line of the index of a file may name the attachment that holds the document, with the hash of its content.
ALTER TABLE file_documents
    ADD COLUMN attachment_id uuid REFERENCES attachments (id),
    ADD COLUMN sha256        text CHECK ((attachment_id IS NULL) = (sha256 IS NULL));
