-- Where a voter's votes were taken stands in what people read, too.
-- counted_at is the time in the receipt, a ULID: ten digits of base 32 that count milliseconds.
CREATE OR REPLACE VIEW ovation.votes
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
FROM ovation.ballots FINAL
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';
