DROP TABLE task_force_reports;
DROP TABLE task_forces;
DROP TABLE studies;
