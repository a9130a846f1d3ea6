-- Made by `python -m ovation.cluster_sql` from sql/migrations/0002_ballots.down.sql. Change that, and make this again.

DROP TABLE IF EXISTS ovation.votes ON CLUSTER '{cluster}' SYNC;

DROP VIEW IF EXISTS ovation.votes_local ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.ballots ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.ballots_local ON CLUSTER '{cluster}' SYNC;
