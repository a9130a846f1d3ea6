-- Made by `python -m ovation.cluster_sql` from sql/migrations/0008_video_clock.up.sql. Change that, and make this again.

-- Where in the video: taps by the second of the recording that their viewers saw, and of every vote that stands. Viewers
-- lag behind the wall clock, each by something else; what they react to has one place in the video. Only taps and votes
-- that came with `playback_ms` have one.

CREATE TABLE IF NOT EXISTS ovation.video_windows_local ON CLUSTER '{cluster}'
(
    stream_id   LowCardinality(String)  COMMENT 'Stream that the taps belong to',
    playback_ms UInt32                  COMMENT 'Second of the video, in milliseconds from its beginning'
                                        CODEC(GCD, Delta(4), ZSTD(3)),
    emoji       LowCardinality(String)  COMMENT 'Emoji that was tapped' CODEC(ZSTD(3)),
    region      LowCardinality(String)  COMMENT 'Region of the gateway that took the taps',
    reactions   UInt64                  COMMENT 'Taps at this second of the video' CODEC(ZSTD(3)),
    version     UInt64                  COMMENT 'Larger replaces smaller' CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (stream_id, playback_ms, emoji, region)
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.video_reactions';

CREATE TABLE IF NOT EXISTS ovation.video_windows ON CLUSTER '{cluster}' AS ovation.video_windows_local
ENGINE = Distributed('{cluster}', 'ovation', 'video_windows_local', cityHash64(stream_id))
COMMENT 'Written by the job reaction_window. Holds replaced rows until they are merged: read ovation.video_reactions';

CREATE VIEW IF NOT EXISTS ovation.video_reactions_local ON CLUSTER '{cluster}'
AS SELECT stream_id, playback_ms, emoji, region, reactions
FROM ovation.video_windows_local FINAL
COMMENT 'Taps whose viewers said where in the video they were: one row per stream, second of it, emoji and region';

CREATE TABLE IF NOT EXISTS ovation.video_reactions ON CLUSTER '{cluster}' AS ovation.video_reactions_local
ENGINE = Distributed('{cluster}', 'ovation', 'video_reactions_local', cityHash64(stream_id))
COMMENT 'Taps whose viewers said where in the video they were: one row per stream, second of it, emoji and region';

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS playback_ms Nullable(UInt32)
        COMMENT 'Where in the video the vote that stands was cast; NULL if its voter did not say'
        CODEC(ZSTD(1)) AFTER receipt;

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS playback_ms Nullable(UInt32)
        COMMENT 'Where in the video the vote that stands was cast; NULL if its voter did not say'
        CODEC(ZSTD(1)) AFTER receipt;

-- counted_at is the time in the receipt, a ULID: ten digits of base 32 that count milliseconds.
CREATE OR REPLACE VIEW ovation.votes_local ON CLUSTER '{cluster}'
AS SELECT
    stream_id, poll_id, voter, choices, first_voted_at, last_voted_at,
    attempts, outcome, replaced, duplicate, late, invalid, ineligible, receipt,
    if(
        outcome = 'counted' AND length(receipt) = 26,
        fromUnixTimestamp64Milli(toInt64(arraySum(
            place -> bitShiftLeft(
                toUInt64(position('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substring(receipt, place, 1))) - 1,
                5 * (10 - place)
            ),
            range(1, 11)
        )), 'UTC'),
        NULL
    ) AS counted_at,
    playback_ms
FROM ovation.ballots_local FINAL
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';

CREATE OR REPLACE TABLE ovation.votes ON CLUSTER '{cluster}' AS ovation.votes_local
ENGINE = Distributed('{cluster}', 'ovation', 'votes_local', cityHash64(stream_id))
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';
