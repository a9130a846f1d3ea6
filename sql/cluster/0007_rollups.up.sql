-- Made by `python -m ovation.cluster_sql` from sql/migrations/0007_rollups.up.sql. Change that, and make this again.

-- Reactions by minute and by hour, for spans in which a second is too fine. The job that writes the windows sums these
-- as well, each by itself and absolute: a replaced window, or one that comes a day late, makes a larger sum with a
-- larger version. (A materialized view over reaction_windows would add up every version of a window.) Rows of a season
-- are a sixtieth and a thousandth of the windows, and are kept when windows are not (`ovation retention`).

CREATE TABLE IF NOT EXISTS ovation.reaction_minutes_local ON CLUSTER '{cluster}'
(
    stream_id    LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    minute_start DateTime('UTC')         COMMENT 'When the minute began' CODEC(GCD, Delta(4), ZSTD(3)),
    emoji        LowCardinality(String)  COMMENT 'Emoji that was tapped' CODEC(ZSTD(3)),
    region       LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions    UInt64                  COMMENT 'Taps in this minute' CODEC(ZSTD(3)),
    version      UInt64                  COMMENT 'Larger replaces smaller' CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
PARTITION BY toYYYYMM(minute_start)
ORDER BY (stream_id, minute_start, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions_by_minute';

CREATE TABLE IF NOT EXISTS ovation.reaction_minutes ON CLUSTER '{cluster}' AS ovation.reaction_minutes_local
ENGINE = Distributed('{cluster}', 'ovation', 'reaction_minutes_local', cityHash64(stream_id))
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions_by_minute';

CREATE TABLE IF NOT EXISTS ovation.reaction_hours_local ON CLUSTER '{cluster}'
(
    stream_id  LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    hour_start DateTime('UTC')         COMMENT 'When the hour began' CODEC(GCD, Delta(4), ZSTD(3)),
    emoji      LowCardinality(String)  COMMENT 'Emoji that was tapped' CODEC(ZSTD(3)),
    region     LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions  UInt64                  COMMENT 'Taps in this hour' CODEC(ZSTD(3)),
    version    UInt64                  COMMENT 'Larger replaces smaller' CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
PARTITION BY toYYYYMM(hour_start)
ORDER BY (stream_id, hour_start, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions_by_hour';

CREATE TABLE IF NOT EXISTS ovation.reaction_hours ON CLUSTER '{cluster}' AS ovation.reaction_hours_local
ENGINE = Distributed('{cluster}', 'ovation', 'reaction_hours_local', cityHash64(stream_id))
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.reactions_by_hour';

-- What was counted before there were these tables.
INSERT INTO ovation.reaction_minutes SETTINGS distributed_foreground_insert = 1
SELECT stream_id, toStartOfMinute(window_start) AS minute_start, emoji, region, sum(reactions), sum(reactions)
FROM ovation.reactions
GROUP BY stream_id, minute_start, emoji, region;

INSERT INTO ovation.reaction_hours SETTINGS distributed_foreground_insert = 1
SELECT stream_id, toStartOfHour(minute_start) AS hour_start, emoji, region, sum(reactions), sum(reactions)
FROM ovation.reaction_minutes FINAL
GROUP BY stream_id, hour_start, emoji, region;

CREATE VIEW IF NOT EXISTS ovation.reactions_by_minute_local ON CLUSTER '{cluster}'
AS SELECT stream_id, minute_start, emoji, region, reactions
FROM ovation.reaction_minutes_local FINAL
COMMENT 'Taps: one row per stream, minute, emoji and region';

CREATE TABLE IF NOT EXISTS ovation.reactions_by_minute ON CLUSTER '{cluster}' AS ovation.reactions_by_minute_local
ENGINE = Distributed('{cluster}', 'ovation', 'reactions_by_minute_local', cityHash64(stream_id))
COMMENT 'Taps: one row per stream, minute, emoji and region';

CREATE VIEW IF NOT EXISTS ovation.reactions_by_hour_local ON CLUSTER '{cluster}'
AS SELECT stream_id, hour_start, emoji, region, reactions
FROM ovation.reaction_hours_local FINAL
COMMENT 'Taps: one row per stream, hour, emoji and region';

CREATE TABLE IF NOT EXISTS ovation.reactions_by_hour ON CLUSTER '{cluster}' AS ovation.reactions_by_hour_local
ENGINE = Distributed('{cluster}', 'ovation', 'reactions_by_hour_local', cityHash64(stream_id))
COMMENT 'Taps: one row per stream, hour, emoji and region';
