-- Made by `python -m ovation.cluster_sql` from sql/migrations/0013_votes_by_region.up.sql. Change that, and make this again.

-- Where a voter's votes were taken stands in what people read, too.
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
    playback_ms, attempts_in
FROM ovation.ballots_local FINAL
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';

CREATE OR REPLACE TABLE ovation.votes ON CLUSTER '{cluster}' AS ovation.votes_local
ENGINE = Distributed('{cluster}', 'ovation', 'votes_local', cityHash64(stream_id))
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';
