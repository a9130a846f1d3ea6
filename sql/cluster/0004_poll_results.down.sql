-- Made by `python -m ovation.cluster_sql` from sql/migrations/0004_poll_results.down.sql. Change that, and make this again.

DROP TABLE IF EXISTS ovation.poll_results ON CLUSTER '{cluster}' SYNC;

DROP VIEW IF EXISTS ovation.poll_results_local ON CLUSTER '{cluster}' SYNC;
