-- A rule by the column would keep it, and one that is not there cannot be removed: so there is one, for a moment.
ALTER TABLE ovation.video_windows
    MODIFY TTL toDateTime(4102444800 + playback_ms % 1)
    SETTINGS materialize_ttl_after_modify = 0;

ALTER TABLE ovation.video_windows REMOVE TTL;

ALTER TABLE ovation.video_windows DROP COLUMN IF EXISTS stored_on;
