-- Made by `python -m ovation.cluster_sql` from sql/migrations/0007_rollups.down.sql. Change that, and make this again.

DROP TABLE IF EXISTS ovation.reactions_by_hour ON CLUSTER '{cluster}' SYNC;

DROP VIEW IF EXISTS ovation.reactions_by_hour_local ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reactions_by_minute ON CLUSTER '{cluster}' SYNC;

DROP VIEW IF EXISTS ovation.reactions_by_minute_local ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reaction_hours ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reaction_hours_local ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reaction_minutes ON CLUSTER '{cluster}' SYNC;

DROP TABLE IF EXISTS ovation.reaction_minutes_local ON CLUSTER '{cluster}' SYNC;
