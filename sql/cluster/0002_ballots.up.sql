-- Made by `python -m ovation.cluster_sql` from sql/migrations/0002_ballots.up.sql. Change that, and make this again.

-- One ballot per stream, poll and voter. The job writes a voter's whole state each time: the row with the largest
-- version is the truth. Read the view, not the table.
--
-- Partitions only bound what a merge rewrites: FINAL compares a voter's rows across them.

CREATE TABLE IF NOT EXISTS ovation.ballots_local ON CLUSTER '{cluster}'
(
    stream_id      LowCardinality(String)        COMMENT 'Stream of the poll',
    poll_id        LowCardinality(String)        COMMENT 'Poll, unique in its stream',
    voter          String                        COMMENT 'Keyed hash of the viewer, different in every poll',
    choices        Array(LowCardinality(String)) COMMENT 'Ids of the options that count; empty without a ballot',
    first_voted_at DateTime64(3, 'UTC')          COMMENT 'First vote received from this voter' CODEC(T64, ZSTD(1)),
    last_voted_at  DateTime64(3, 'UTC')          COMMENT 'Last vote received from this voter' CODEC(T64, ZSTD(1)),
    attempts       UInt32                        COMMENT 'Votes received: the ballot and those in the four columns below'
                                                 CODEC(T64, ZSTD(1)),
    outcome        LowCardinality(String)        COMMENT 'counted: has a ballot; late or invalid: why there is none',
    replaced       UInt32                        COMMENT 'Votes that a later one replaced' CODEC(T64, ZSTD(1)),
    duplicate      UInt32                        COMMENT 'Votes refused: the voter had voted' CODEC(T64, ZSTD(1)),
    late           UInt32                        COMMENT 'Votes refused: the poll was closed' CODEC(T64, ZSTD(1)),
    invalid        UInt32                        COMMENT 'Votes refused: no such choice' CODEC(T64, ZSTD(1)),
    receipt        String                        COMMENT 'Receipt of the vote that counts; empty without a ballot',
    version        UInt64                        COMMENT 'Larger replaces smaller' CODEC(T64, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
PARTITION BY toYYYYMM(first_voted_at)
ORDER BY (stream_id, poll_id, voter)
COMMENT 'Written by the job poll_dedup. Holds replaced rows until they are merged: read ovation.votes';

CREATE TABLE IF NOT EXISTS ovation.ballots ON CLUSTER '{cluster}' AS ovation.ballots_local
ENGINE = Distributed('{cluster}', 'ovation', 'ballots_local', cityHash64(stream_id))
COMMENT 'Written by the job poll_dedup. Holds replaced rows until they are merged: read ovation.votes';

-- counted_at is the time in the receipt, a ULID: ten digits of base 32 that count milliseconds.
CREATE VIEW IF NOT EXISTS ovation.votes_local ON CLUSTER '{cluster}'
AS SELECT
    stream_id, poll_id, voter, choices, first_voted_at, last_voted_at,
    attempts, outcome, replaced, duplicate, late, invalid, receipt,
    if(
        length(receipt) = 26,
        fromUnixTimestamp64Milli(toInt64(arraySum(
            place -> bitShiftLeft(
                toUInt64(position('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substring(receipt, place, 1))) - 1,
                5 * (10 - place)
            ),
            range(1, 11)
        )), 'UTC'),
        NULL
    ) AS counted_at
FROM ovation.ballots_local FINAL
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';

CREATE TABLE IF NOT EXISTS ovation.votes ON CLUSTER '{cluster}' AS ovation.votes_local
ENGINE = Distributed('{cluster}', 'ovation', 'votes_local', cityHash64(stream_id))
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';
