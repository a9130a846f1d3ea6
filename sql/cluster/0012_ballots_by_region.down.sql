-- Made by `python -m ovation.cluster_sql` from sql/migrations/0012_ballots_by_region.down.sql. Change that, and make this again.

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}' DROP COLUMN IF EXISTS attempts_in;

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}' DROP COLUMN IF EXISTS attempts_in;
