-- Made by `python -m ovation.cluster_sql` from sql/migrations/0010_video_retention.up.sql. Change that, and make this again.

-- When a row of the video clock was stored: the only time in it that goes by the wall clock, so that it can be kept for a
-- while only (`ovation retention`). A row that replaces another is stored later, and so never goes before it.

ALTER TABLE ovation.video_windows_local ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') MATERIALIZED now()
        COMMENT 'When the row was stored; by itself, nobody writes it' CODEC(Delta(4), ZSTD(1));

ALTER TABLE ovation.video_windows ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') MATERIALIZED now()
        COMMENT 'When the row was stored; by itself, nobody writes it' CODEC(Delta(4), ZSTD(1));
