-- Reactions by minute and by hour, for spans in which a second is too fine. The job that writes the windows sums these
-- as well, each by itself and absolute: a replaced window, or one that comes a day late, makes a larger sum with a
-- larger version. (A materialized view over reaction_windows would add up every version of a window.) Rows of a season
-- are a sixtieth and a thousandth of the windows, and are kept when windows are not (`ovation retention`).

CREATE TABLE IF NOT EXISTS ovation.reaction_minutes
(
    stream_id    LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    minute_start DateTime('UTC')         COMMENT 'When the minute began' CODEC(GCD, Delta(4), ZSTD(3)),
    emoji        LowCardinality(String)  COMMENT 'Emoji that was tapped' CODEC(ZSTD(3)),
    region       LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions    UInt64                  COMMENT 'Taps in this minute' CODEC(ZSTD(3)),
    version      UInt64                  COMMENT 'Larger replaces smaller' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(minute_start)
ORDER BY (stream_id, minute_start, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions_by_minute';

CREATE TABLE IF NOT EXISTS ovation.reaction_hours
(
    stream_id  LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    hour_start DateTime('UTC')         COMMENT 'When the hour began' CODEC(GCD, Delta(4), ZSTD(3)),
    emoji      LowCardinality(String)  COMMENT 'Emoji that was tapped' CODEC(ZSTD(3)),
    region     LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions  UInt64                  COMMENT 'Taps in this hour' CODEC(ZSTD(3)),
    version    UInt64                  COMMENT 'Larger replaces smaller' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(hour_start)
ORDER BY (stream_id, hour_start, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions_by_hour';

-- What was counted before there were these tables.
INSERT INTO ovation.reaction_minutes
SELECT stream_id, toStartOfMinute(window_start) AS minute_start, emoji, region, sum(reactions), sum(reactions)
FROM ovation.reactions
GROUP BY stream_id, minute_start, emoji, region;

INSERT INTO ovation.reaction_hours
SELECT stream_id, toStartOfHour(minute_start) AS hour_start, emoji, region, sum(reactions), sum(reactions)
FROM ovation.reaction_minutes FINAL
GROUP BY stream_id, hour_start, emoji, region;

CREATE VIEW IF NOT EXISTS ovation.reactions_by_minute
AS SELECT stream_id, minute_start, emoji, region, reactions
FROM ovation.reaction_minutes FINAL
COMMENT 'Taps: one row per stream, minute, emoji and region';

CREATE VIEW IF NOT EXISTS ovation.reactions_by_hour
AS SELECT stream_id, hour_start, emoji, region, reactions
FROM ovation.reaction_hours FINAL
COMMENT 'Taps: one row per stream, hour, emoji and region';
