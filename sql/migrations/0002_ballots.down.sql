DROP VIEW IF EXISTS ovation.votes;
DROP TABLE IF EXISTS ovation.ballots;
