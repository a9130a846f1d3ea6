"""The views that turn votes into one ballot per stream, poll and voter, and the ballots into tallies.

`vote_records` → `judged_votes` → `ballots` → `tallies`, all of it in the JVM by the functions of `jobs/java`: a record
is read in one pass over its bytes, and each vote gets its verdict by the rules that travel with it. A vote that breaks
a rule of the schema is stepped over, and the others of its record count. Every vote ends as one of counted, replaced,
withdrawn, duplicate, late, invalid and ineligible, which add up to `received`. Of a voter one at most is counted or
withdrawn; a tally's `voters` are the votes counted.
"""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from jobs.sources import define_records

FUNCTIONS = {
    "read_votes": "ovation.VoteRecords",
    "cast_ballots": "ovation.CastBallots",
    "tally_ballots": "ovation.TallyBallots",
}
"""Functions of `jobs/java`, by their names in SQL."""

VOTES = """
CREATE TEMPORARY VIEW judged_votes AS
SELECT stream_id, poll_id, bucket, voter, vote
FROM vote_records
CROSS JOIN LATERAL TABLE(read_votes(`value`)) AS r (stream_id, poll_id, bucket, voter, `at`, vote)
WHERE {taken}
"""

# What stands is the voter's smallest receipt, or the largest where a vote may be changed. `choices` is null where
# nothing was taken, and 0 where a withdrawal stands. `playback_ms` is -1 where nobody said it.
BALLOTS = """
CREATE TEMPORARY VIEW ballots AS
SELECT
    stream_id, poll_id, bucket, voter,
    ballot.options AS options,
    ballot.first_voted_at AS first_voted_at,
    ballot.last_voted_at AS last_voted_at,
    ballot.receipt AS receipt,
    ballot.choices AS choices,
    ballot.playback_ms AS playback_ms,
    ballot.received AS received,
    ballot.replaced AS replaced,
    ballot.duplicate AS duplicate,
    ballot.late AS late,
    ballot.invalid AS invalid,
    ballot.ineligible AS ineligible,
    ballot.received_in AS received_in
FROM (
    SELECT stream_id, poll_id, bucket, voter, cast_ballots(vote) AS ballot
    FROM judged_votes
    GROUP BY stream_id, poll_id, bucket, voter
)
"""

# A row holds all numbers of a bucket of voters (contracts.buckets), so a screen never sees options of one moment beside
# voters of another. The votes received in the bucket, by region (`eu=2,us=1`), are its version. The number of options
# is no part of the key: a poll that was edited after a refused vote keeps one tally. One function, because a COUNT for
# each of fifty options is fifty columns of state for a poll that has three.
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
    tally.votes AS votes,
    tally.received_in AS received_in
FROM (
    SELECT
        stream_id, poll_id, bucket,
        tally_ballots(
            options, choices, received, replaced, duplicate, late, invalid, ineligible, received_in) AS tally
    FROM ballots
    GROUP BY stream_id, poll_id, bucket
)
"""


def define(env: TableEnvironment, sources: Sequence[str], taken: str | None = None) -> None:
    """Define the views `ballots` and `tallies` over records read from `sources`.

    `taken` is a condition that narrows them to the votes that gateways took in some span of time.
    """
    for name, function in FUNCTIONS.items():
        env.create_java_temporary_system_function(name, function)
    define_records(env, "vote_records", sources)
    env.execute_sql(VOTES.format(taken=taken or "TRUE"))
    env.execute_sql(BALLOTS)
    env.execute_sql(TALLIES)
