DROP TABLE dossiers, accountability, request_steps, requests;
