-- Made by `python -m ovation.cluster_sql` from sql/migrations/0009_reactors.up.sql. Change that, and make this again.

-- Who tapped, as a sample: of each stream and minute the viewers whose hash is small enough. A hash has 52 bits; a row of
-- level L says that the gateway was keeping those below 2^(52 - L), one viewer in 2^L. So, with the largest level L of
-- the rows in question, those below 2^(52 - L) are a fair sample: distinct hashes x 2^L is the number of viewers, exact
-- while L = 0, else with a standard error of sqrt((1 - 1 / 2^L) / hashes). The same viewers are in the sample of every
-- minute, so that it says who came back, too. A hash is keyed, and of one stream only.

CREATE TABLE IF NOT EXISTS ovation.reactor_samples_local ON CLUSTER '{cluster}'
(
    stream_id    LowCardinality(String)  COMMENT 'Stream that was tapped',
    minute_start DateTime('UTC')         COMMENT 'Minute of the taps' CODEC(Delta(4), ZSTD(1)),
    reactor      UInt64                  COMMENT 'Keyed hash of a viewer, 52 bits, different in every stream' CODEC(ZSTD(1)),
    level        UInt8                   COMMENT 'One viewer in 2^level was kept when this one was' CODEC(ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', level)
PARTITION BY toYYYYMM(minute_start)
ORDER BY (stream_id, minute_start, reactor)
COMMENT 'Written by the job reaction_window. Count distinct reactors: a row may be there several times';

CREATE TABLE IF NOT EXISTS ovation.reactor_samples ON CLUSTER '{cluster}' AS ovation.reactor_samples_local
ENGINE = Distributed('{cluster}', 'ovation', 'reactor_samples_local', cityHash64(stream_id))
COMMENT 'Written by the job reaction_window. Count distinct reactors: a row may be there several times';
