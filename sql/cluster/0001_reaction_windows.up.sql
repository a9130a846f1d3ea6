-- Made by `python -m ovation.cluster_sql` from sql/migrations/0001_reaction_windows.up.sql. Change that, and make this again.

-- Reactions per stream, window, emoji and region. The job writes absolute sums again and again: the row with the
-- largest version is the truth. Read the view, not the table.

CREATE TABLE IF NOT EXISTS ovation.reaction_windows_local ON CLUSTER '{cluster}'
(
    stream_id    LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    window_start DateTime64(3, 'UTC')    COMMENT 'When the window of one second began' CODEC(DoubleDelta, ZSTD(1)),
    emoji        LowCardinality(String)  COMMENT 'Emoji that was tapped',
    region       LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions    UInt64                  COMMENT 'Taps in this window' CODEC(T64, ZSTD(1)),
    version      UInt64                  COMMENT 'Larger replaces smaller' CODEC(T64, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
PARTITION BY toYYYYMM(window_start)
ORDER BY (stream_id, window_start, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions';

CREATE TABLE IF NOT EXISTS ovation.reaction_windows ON CLUSTER '{cluster}' AS ovation.reaction_windows_local
ENGINE = Distributed('{cluster}', 'ovation', 'reaction_windows_local', cityHash64(stream_id))
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions';

CREATE VIEW IF NOT EXISTS ovation.reactions_local ON CLUSTER '{cluster}'
AS SELECT stream_id, window_start, emoji, region, reactions
FROM ovation.reaction_windows_local FINAL
COMMENT 'Taps: one row per stream, window, emoji and region, each counted once';

CREATE TABLE IF NOT EXISTS ovation.reactions ON CLUSTER '{cluster}' AS ovation.reactions_local
ENGINE = Distributed('{cluster}', 'ovation', 'reactions_local', cityHash64(stream_id))
COMMENT 'Taps: one row per stream, window, emoji and region, each counted once';
