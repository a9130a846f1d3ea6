-- Made by `python -m ovation.cluster_sql` from sql/migrations/0003_streams_and_polls.up.sql. Change that, and make this again.

-- What the broadcaster said: streams, and polls with the texts of their options. Few rows, each written again whenever
-- something changes; read them with FINAL.

CREATE TABLE IF NOT EXISTS ovation.streams_local ON CLUSTER '{cluster}'
(
    stream_id  LowCardinality(String)         COMMENT 'Stream',
    title      String                         COMMENT 'Title, as the broadcaster wrote it',
    emojis     Array(LowCardinality(String))  COMMENT 'Emojis that the stream offers',
    status     LowCardinality(String)         COMMENT 'live or ended',
    region     LowCardinality(String)         COMMENT 'Region of the gateway that took the last change',
    created_at DateTime64(3, 'UTC')           COMMENT 'When the stream was created',
    ended_at   Nullable(DateTime64(3, 'UTC')) COMMENT 'When it ended; NULL before',
    version    UInt64                         COMMENT 'Larger replaces smaller'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY stream_id
COMMENT 'Streams: one row per change until merged, so read with FINAL';

CREATE TABLE IF NOT EXISTS ovation.streams ON CLUSTER '{cluster}' AS ovation.streams_local
ENGINE = Distributed('{cluster}', 'ovation', 'streams_local', cityHash64(stream_id))
COMMENT 'Streams: one row per change until merged, so read with FINAL';

CREATE TABLE IF NOT EXISTS ovation.polls_local ON CLUSTER '{cluster}'
(
    stream_id    LowCardinality(String)         COMMENT 'Stream of the poll',
    poll_id      LowCardinality(String)         COMMENT 'Poll, unique in its stream',
    question     String                         COMMENT 'Question, as the broadcaster wrote it',
    option_ids   Array(LowCardinality(String))  COMMENT 'Ids of the options, in their order',
    option_texts Array(String)                  COMMENT 'Texts of the options, in the same order',
    max_choices  UInt8                          COMMENT 'Options that one ballot may choose',
    allow_change Bool                           COMMENT 'Whether a later vote replaces the first',
    status       LowCardinality(String)         COMMENT 'draft, open, closed or cancelled',
    created_at   DateTime64(3, 'UTC')           COMMENT 'When the poll was created',
    opened_at    Nullable(DateTime64(3, 'UTC')) COMMENT 'When it opened; NULL before',
    closed_at    Nullable(DateTime64(3, 'UTC')) COMMENT 'When it closed; NULL before',
    version      UInt64                         COMMENT 'Larger replaces smaller'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (stream_id, poll_id)
COMMENT 'Polls: one row per change until merged, so read with FINAL';

CREATE TABLE IF NOT EXISTS ovation.polls ON CLUSTER '{cluster}' AS ovation.polls_local
ENGINE = Distributed('{cluster}', 'ovation', 'polls_local', cityHash64(stream_id))
COMMENT 'Polls: one row per change until merged, so read with FINAL';
