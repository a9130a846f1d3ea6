-- Made by `python -m ovation.cluster_sql` from sql/migrations/0010_video_retention.down.sql. Change that, and make this again.

-- A rule by the column would keep it, and one that is not there cannot be removed: so there is one, for a moment.
ALTER TABLE ovation.video_windows_local ON CLUSTER '{cluster}'
    MODIFY TTL toDateTime(4102444800 + playback_ms % 1)
    SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE ovation.video_windows_local ON CLUSTER '{cluster}' REMOVE TTL;

ALTER TABLE ovation.video_windows ON CLUSTER '{cluster}' DROP COLUMN IF EXISTS stored_on;

ALTER TABLE ovation.video_windows_local ON CLUSTER '{cluster}' DROP COLUMN IF EXISTS stored_on;
