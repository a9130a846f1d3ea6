"""The views that turn votes into one ballot per stream, poll and voter, and the ballots into tallies.

`vote_records` → `judged_votes` (a verdict on each by the rules that travel with it) → `ballots` → `tallies`, all of it
in the JVM. Every vote ends as one of counted, replaced, withdrawn, duplicate, late, invalid and ineligible, which add
up to `received`. Of a voter one at most is counted or withdrawn; a tally's `voters` are the votes counted.
"""

from pyflink.table import TableEnvironment

from contracts.buckets import BUCKET_SQL
from contracts.limits import MAX_OPTIONS, MAX_VIDEO_MS

RECORDS = """
CREATE TEMPORARY TABLE vote_records (
    v INT,
    votes ARRAY<ROW<
        stream_id STRING, poll_id STRING, voter STRING, receipt STRING, `at` BIGINT, choices BIGINT, options INT,
        max_choices INT, allow_change BOOLEAN, allow_withdraw BOOLEAN, eligible BOOLEAN, deadline BIGINT,
        playback_ms BIGINT>>
) WITH ({connector})
"""

# A CASE computes only the branch that it takes. One choice: only powers of two divide a power of two. Several: a number
# less its halves, rounded down, is how many of its bits are set (Legendre's formula).
TOO_MANY = f"""
        CASE
            WHEN max_choices >= options THEN FALSE
            WHEN max_choices = 1 THEN MOD({1 << MAX_OPTIONS}, NULLIF(choices, 0)) <> 0
            ELSE choices - {" - ".join(f"choices / {1 << i}" for i in range(1, MAX_OPTIONS))} > max_choices
        END"""

# An entry is a receipt (26 characters), the position in the video (10) and the choices. A position is written as a
# number above this one, so that it has ten digits; -1 is none.
_NO_POSITION = 1_000_000_000
_POSITION = f"CASE WHEN playback_ms BETWEEN 0 AND {MAX_VIDEO_MS} THEN playback_ms ELSE -1 END"

INVALID, INELIGIBLE, LATE, TAKEN = range(4)
"""What the rules say of a vote by itself."""

# The planner computes a column anew wherever it is used, unless chance has a part in it: RAND_INTEGER(1) is 0.
_ONCE = "RAND_INTEGER(1)"

VOTES = f"""
CREATE TEMPORARY VIEW judged_votes AS
SELECT
    stream_id, poll_id, {BUCKET_SQL} AS bucket, voter, `at`, options, allow_change,
    CONCAT(receipt, CAST({_NO_POSITION + 1} + {_POSITION} AS STRING), CAST(choices AS STRING)) AS entry,
    {_ONCE} + CASE
        WHEN choices < 0 OR choices >= CAST(POWER(2, options) AS BIGINT) THEN {INVALID}
        WHEN choices = 0 AND NOT allow_withdraw THEN {INVALID}
        WHEN {TOO_MANY} THEN {INVALID}
        WHEN NOT eligible THEN {INELIGIBLE}
        WHEN `at` > deadline THEN {LATE}
        ELSE {TAKEN}
    END AS verdict
FROM vote_records
CROSS JOIN UNNEST(votes) AS vote (
    stream_id, poll_id, voter, receipt, `at`, choices, options,
    max_choices, allow_change, allow_withdraw, eligible, deadline, playback_ms)
WHERE v = 1
  AND stream_id IS NOT NULL
  AND poll_id IS NOT NULL
  AND CHAR_LENGTH(voter) = 22
  AND CHAR_LENGTH(receipt) = 26
  AND {{taken}}
  AND choices IS NOT NULL
  AND options BETWEEN 2 AND {MAX_OPTIONS}
  AND max_choices BETWEEN 1 AND {MAX_OPTIONS}
  AND allow_change IS NOT NULL
  AND allow_withdraw IS NOT NULL
  AND eligible IS NOT NULL
"""

# What stands is the voter's smallest receipt, or the largest where a vote may be changed. Receipts sort by time, so the
# same vote stands in whatever order the partitions are read: live and history agree, and a replay changes nothing.
# `choices` is null where nothing was taken, and 0 where a withdrawal stands. `playback_ms` is -1 where nobody said it.
BALLOTS = f"""
CREATE TEMPORARY VIEW ballots AS
SELECT
    stream_id, poll_id, bucket, voter, options, first_voted_at, last_voted_at,
    SUBSTRING(COALESCE(newest, oldest) FROM 1 FOR 26) AS receipt,
    CAST(SUBSTRING(COALESCE(newest, oldest) FROM 37) AS BIGINT) AS choices,
    CAST(SUBSTRING(COALESCE(newest, oldest) FROM 27 FOR 10) AS BIGINT) - {_NO_POSITION + 1} AS playback_ms,
    received,
    GREATEST(changeable - 1, 0) AS replaced,
    GREATEST(received - late - invalid - ineligible - 1, 0) - GREATEST(changeable - 1, 0) AS duplicate,
    late, invalid, ineligible
FROM (
    SELECT
        stream_id, poll_id, bucket, voter,
        MAX(options) AS options,
        MAX(entry) FILTER (WHERE allow_change AND verdict = {TAKEN}) AS newest,
        MIN(entry) FILTER (WHERE NOT allow_change AND verdict = {TAKEN}) AS oldest,
        MIN(`at`) AS first_voted_at,
        MAX(`at`) AS last_voted_at,
        COUNT(*) AS received,
        COUNT(*) FILTER (WHERE allow_change AND verdict = {TAKEN}) AS changeable,
        COUNT(*) FILTER (WHERE verdict = {LATE}) AS late,
        COUNT(*) FILTER (WHERE verdict = {INVALID}) AS invalid,
        COUNT(*) FILTER (WHERE verdict = {INELIGIBLE}) AS ineligible
    FROM judged_votes
    GROUP BY stream_id, poll_id, bucket, voter
)
"""


FUNCTIONS = {"tally_ballots": "ovation.TallyBallots"}
"""Functions of `jobs/java`, by their names in SQL."""

# A row holds all numbers of a bucket of voters (contracts.buckets), so a screen never sees options of one moment beside
# voters of another. The votes received in the bucket are its version. The number of options is no part of the key: a
# poll that was edited after a refused vote keeps one tally. One function, because a COUNT for each of fifty options is
# fifty columns of state for a poll that has three.
TALLIES = """
CREATE TEMPORARY VIEW tallies AS
SELECT
    stream_id, poll_id, bucket,
    tally.options AS options,
    tally.received AS received,
    tally.voters AS voters,
    tally.replaced AS replaced,
    tally.withdrawn AS withdrawn,
    tally.duplicate AS duplicate,
    tally.late AS late,
    tally.invalid AS invalid,
    tally.ineligible AS ineligible,
    tally.votes AS votes
FROM (
    SELECT
        stream_id, poll_id, bucket,
        tally_ballots(options, choices, received, replaced, duplicate, late, invalid, ineligible) AS tally
    FROM ballots
    GROUP BY stream_id, poll_id, bucket
)
"""


def define(env: TableEnvironment, source: str, taken: str | None = None) -> None:
    """Define the views `ballots` and `tallies` over records read from `source`.

    `taken` is a condition that narrows them to the votes that gateways took in some span of time.
    """
    for name, function in FUNCTIONS.items():
        env.create_java_temporary_system_function(name, function)
    env.execute_sql(RECORDS.format(connector=source))
    env.execute_sql(VOTES.format(taken=taken or "`at` IS NOT NULL"))
    env.execute_sql(BALLOTS)
    env.execute_sql(TALLIES)
