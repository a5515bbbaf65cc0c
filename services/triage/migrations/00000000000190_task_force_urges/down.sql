DROP TABLE task_force_urges;
