-- Made by `python -m ovation.cluster_sql` from sql/migrations/0003_streams_and_polls.down.sql. Change that, and make this again.

DROP TABLE IF EXISTS ovation.polls ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.polls_local ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.streams ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.streams_local ON CLUSTER '{cluster}' SYNC;
