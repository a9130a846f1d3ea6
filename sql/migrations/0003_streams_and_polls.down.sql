DROP TABLE IF EXISTS ovation.polls;
DROP TABLE IF EXISTS ovation.streams;
