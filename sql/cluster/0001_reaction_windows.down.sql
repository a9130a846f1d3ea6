-- Made by `python -m ovation.cluster_sql` from sql/migrations/0001_reaction_windows.down.sql. Change that, and make this again.

DROP TABLE IF EXISTS ovation.reactions ON CLUSTER '{cluster}' SYNC;

DROP VIEW IF EXISTS ovation.reactions_local ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reaction_windows ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reaction_windows_local ON CLUSTER '{cluster}' SYNC;
