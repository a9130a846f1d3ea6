-- Made by `python -m ovation.cluster_sql` from sql/migrations/0005_poll_rules.down.sql. Change that, and make this again.

-- The view goes first: it reads a column that goes.
CREATE OR REPLACE VIEW ovation.votes_local ON CLUSTER '{cluster}'
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

CREATE OR REPLACE TABLE ovation.votes ON CLUSTER '{cluster}' AS ovation.votes_local
ENGINE = Distributed('{cluster}', 'ovation', 'votes_local', cityHash64(stream_id))
COMMENT 'Votes: one row per stream, poll and voter. Only rows with the outcome counted are in a result';

ALTER TABLE ovation.ballots ON CLUSTER '{cluster}'
    DROP COLUMN IF EXISTS ineligible,
    COMMENT COLUMN attempts 'Votes received: the ballot and those in the four columns below',
    COMMENT COLUMN outcome 'counted: has a ballot; late or invalid: why there is none',
    COMMENT COLUMN replaced 'Votes that a later one replaced',
    COMMENT COLUMN late 'Votes refused: the poll was closed',
    COMMENT COLUMN invalid 'Votes refused: no such choice',
    COMMENT COLUMN receipt 'Receipt of the vote that counts; empty without a ballot';

ALTER TABLE ovation.ballots_local ON CLUSTER '{cluster}'
    DROP COLUMN IF EXISTS ineligible,
    COMMENT COLUMN attempts 'Votes received: the ballot and those in the four columns below',
    COMMENT COLUMN outcome 'counted: has a ballot; late or invalid: why there is none',
    COMMENT COLUMN replaced 'Votes that a later one replaced',
    COMMENT COLUMN late 'Votes refused: the poll was closed',
    COMMENT COLUMN invalid 'Votes refused: no such choice',
    COMMENT COLUMN receipt 'Receipt of the vote that counts; empty without a ballot';

ALTER TABLE ovation.polls ON CLUSTER '{cluster}'
    DROP COLUMN IF EXISTS allow_withdraw,
    DROP COLUMN IF EXISTS results,
    DROP COLUMN IF EXISTS correct,
    DROP COLUMN IF EXISTS eligibility,
    DROP COLUMN IF EXISTS opens_at,
    DROP COLUMN IF EXISTS closes_at,
    DROP COLUMN IF EXISTS final_at,
    COMMENT COLUMN status 'draft, open, closed or cancelled';

ALTER TABLE ovation.polls_local ON CLUSTER '{cluster}'
    DROP COLUMN IF EXISTS allow_withdraw,
    DROP COLUMN IF EXISTS results,
    DROP COLUMN IF EXISTS correct,
    DROP COLUMN IF EXISTS eligibility,
    DROP COLUMN IF EXISTS opens_at,
    DROP COLUMN IF EXISTS closes_at,
    DROP COLUMN IF EXISTS final_at,
    COMMENT COLUMN status 'draft, open, closed or cancelled';
