-- Made by `python -m ovation.cluster_sql` from sql/migrations/0009_reactors.down.sql. Change that, and make this again.

DROP TABLE IF EXISTS ovation.reactor_samples ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reactor_samples_local ON CLUSTER '{cluster}' SYNC;
