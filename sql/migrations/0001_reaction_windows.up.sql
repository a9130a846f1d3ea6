-- Reactions per stream, window, emoji and region. The job writes absolute sums again and again: the row with the
-- largest version is the truth. Read the view, not the table.

CREATE TABLE IF NOT EXISTS ovation.reaction_windows
(
    stream_id    LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    window_start DateTime64(3, 'UTC')    COMMENT 'When the window of one second began' CODEC(DoubleDelta, ZSTD(1)),
    emoji        LowCardinality(String)  COMMENT 'Emoji that was tapped',
    region       LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions    UInt64                  COMMENT 'Taps in this window' CODEC(T64, ZSTD(1)),
    version      UInt64                  COMMENT 'Larger replaces smaller' CODEC(T64, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(window_start)
ORDER BY (stream_id, window_start, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions';

CREATE VIEW IF NOT EXISTS ovation.reactions
AS SELECT stream_id, window_start, emoji, region, reactions
FROM ovation.reaction_windows FINAL
COMMENT 'Taps: one row per stream, window, emoji and region, each counted once';
