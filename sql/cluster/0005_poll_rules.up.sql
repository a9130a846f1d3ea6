-- Made by `python -m ovation.cluster_sql` from sql/migrations/0005_poll_rules.up.sql. Change that, and make this again.

-- What became of votes under a poll's rules: a voter may withdraw, and may not be eligible. And the rules themselves.

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS ineligible UInt32
        COMMENT 'Votes refused: the viewer may not vote in this poll' CODEC(T64, ZSTD(1)) AFTER invalid,
    COMMENT COLUMN attempts
        'Votes and withdrawals received: the one that stands (outcome counted or withdrawn) and those in the five columns',
    COMMENT COLUMN outcome
        'counted: has a ballot; withdrawn: took it back; late, ineligible or invalid: nothing of it was taken, and why',
    COMMENT COLUMN replaced 'Votes that a later one replaced or took back',
    COMMENT COLUMN late 'Votes refused: they came after the deadline',
    COMMENT COLUMN invalid 'Votes refused: no such choice, or too many of them',
    COMMENT COLUMN receipt 'Receipt of the vote or withdrawal that stands; empty without one';

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS ineligible UInt32
        COMMENT 'Votes refused: the viewer may not vote in this poll' CODEC(T64, ZSTD(1)) AFTER invalid,
    COMMENT COLUMN attempts
        'Votes and withdrawals received: the one that stands (outcome counted or withdrawn) and those in the five columns',
    COMMENT COLUMN outcome
        'counted: has a ballot; withdrawn: took it back; late, ineligible or invalid: nothing of it was taken, and why',
    COMMENT COLUMN replaced 'Votes that a later one replaced or took back',
    COMMENT COLUMN late 'Votes refused: they came after the deadline',
    COMMENT COLUMN invalid 'Votes refused: no such choice, or too many of them',
    COMMENT COLUMN receipt 'Receipt of the vote or withdrawal that stands; empty without one';

ALTER TABLE ovation.polls_local ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS allow_withdraw Bool
        COMMENT 'Whether a vote may be taken back' AFTER allow_change,
    ADD COLUMN IF NOT EXISTS results LowCardinality(String) DEFAULT 'always'
        COMMENT 'When viewers see the results: always, after_vote or after_close' AFTER allow_withdraw,
    ADD COLUMN IF NOT EXISTS correct Array(LowCardinality(String))
        COMMENT 'Ids of the right options of a quiz; empty if it is none' AFTER results,
    ADD COLUMN IF NOT EXISTS eligibility String DEFAULT '{}'
        COMMENT 'JSON: claims of a viewer, and the values of each that let it vote' AFTER correct,
    ADD COLUMN IF NOT EXISTS opens_at Nullable(DateTime64(3, 'UTC'))
        COMMENT 'When it is to open by itself; NULL if by hand' AFTER created_at,
    ADD COLUMN IF NOT EXISTS closes_at Nullable(DateTime64(3, 'UTC'))
        COMMENT 'When it is to close by itself; NULL if by hand, or some time after its opening' AFTER opened_at,
    ADD COLUMN IF NOT EXISTS final_at Nullable(DateTime64(3, 'UTC'))
        COMMENT 'When live tally and recount agreed; NULL before' AFTER closed_at,
    COMMENT COLUMN status 'draft, scheduled, open, paused, closed, final or cancelled';

ALTER TABLE ovation.polls ON CLUSTER '{cluster}'
    ADD COLUMN IF NOT EXISTS allow_withdraw Bool
        COMMENT 'Whether a vote may be taken back' AFTER allow_change,
    ADD COLUMN IF NOT EXISTS results LowCardinality(String) DEFAULT 'always'
        COMMENT 'When viewers see the results: always, after_vote or after_close' AFTER allow_withdraw,
    ADD COLUMN IF NOT EXISTS correct Array(LowCardinality(String))
        COMMENT 'Ids of the right options of a quiz; empty if it is none' AFTER results,
    ADD COLUMN IF NOT EXISTS eligibility String DEFAULT '{}'
        COMMENT 'JSON: claims of a viewer, and the values of each that let it vote' AFTER correct,
    ADD COLUMN IF NOT EXISTS opens_at Nullable(DateTime64(3, 'UTC'))
        COMMENT 'When it is to open by itself; NULL if by hand' AFTER created_at,
    ADD COLUMN IF NOT EXISTS closes_at Nullable(DateTime64(3, 'UTC'))
        COMMENT 'When it is to close by itself; NULL if by hand, or some time after its opening' AFTER opened_at,
    ADD COLUMN IF NOT EXISTS final_at Nullable(DateTime64(3, 'UTC'))
        COMMENT 'When live tally and recount agreed; NULL before' AFTER closed_at,
    COMMENT COLUMN status 'draft, scheduled, open, paused, closed, final or cancelled';

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
    ) AS counted_at
FROM ovation.ballots_local FINAL
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';

CREATE OR REPLACE TABLE ovation.votes ON CLUSTER '{cluster}' AS ovation.votes_local
ENGINE = Distributed('{cluster}', 'ovation', 'votes_local', cityHash64(stream_id))
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';
