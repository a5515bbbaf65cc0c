DROP TABLE case_files;
DROP TABLE file_documents;
