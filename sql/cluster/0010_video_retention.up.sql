-- Made by `python -m ovation.cluster_sql` from sql/migrations/0010_video_retention.up.sql. Change that, and make this again.

-- When a row of the video clock was stored: the only time in it that goes by the wall clock, so that it can be kept for a
-- while only (`ovation retention`). A row that replaces another is stored later, and so never goes before it. A day is
-- exact enough for that and costs nothing; a second would be a third of the table.

ALTER TABLE ovation.video_windows_local ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS stored_on Date MATERIALIZED toDate(now('UTC'))
        COMMENT 'Day on which the row was stored; by itself, nobody writes it' CODEC(ZSTD(1));

ALTER TABLE ovation.video_windows ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS stored_on Date MATERIALIZED toDate(now('UTC'))
        COMMENT 'Day on which the row was stored; by itself, nobody writes it' CODEC(ZSTD(1));
