"""One ballot per stream, poll and voter, and the tally of the ballots.

One query, deployed twice: `--sink redis` keeps the screens' tally, `--sink clickhouse` every ballot.

    flink run -py jobs/poll_dedup.py -pyfs dist/ovation-jobs.zip --sink redis
"""

from pyflink.table import StatementSet, TableEnvironment

from contracts import topics
from contracts.buckets import BUCKET_SQL
from contracts.limits import MAX_OPTIONS
from jobs import dead_letters, history
from jobs.deployment import submit
from jobs.environment import pace_of
from jobs.settings import JobSettings, Sink
from jobs.sinks.clickhouse import ballot_writer
from jobs.sinks.redis_polls import tally_writer
from jobs.sources import JSON, kafka

NAME = "poll_dedup"

RECORDS = """
CREATE TEMPORARY TABLE vote_records (
    v INT,
    votes ARRAY<ROW<
        stream_id STRING, poll_id STRING, voter STRING, receipt STRING, `at` BIGINT,
        choices BIGINT, options INT, allow_change BOOLEAN, closes_at BIGINT>>
) WITH ({connector})
"""

# Every vote that can be read gets a verdict by the rules that travel with it.
VOTES = """
CREATE TEMPORARY VIEW judged_votes AS
SELECT
    stream_id, poll_id, voter, `at`, options, allow_change,
    CONCAT(receipt, CAST(choices AS STRING)) AS entry,
    CASE
        WHEN choices <= 0 OR choices >= CAST(POWER(2, options) AS BIGINT) THEN 'invalid'
        WHEN closes_at IS NOT NULL AND `at` > closes_at THEN 'late'
        ELSE 'counted'
    END AS verdict
FROM vote_records
CROSS JOIN UNNEST(votes) AS vote (
    stream_id, poll_id, voter, receipt, `at`, choices, options, allow_change, closes_at)
WHERE v = 1
  AND stream_id IS NOT NULL
  AND poll_id IS NOT NULL
  AND CHAR_LENGTH(voter) = 22
  AND CHAR_LENGTH(receipt) = 26
  AND `at` IS NOT NULL
  AND choices IS NOT NULL
  AND options BETWEEN 2 AND 50
  AND allow_change IS NOT NULL
"""

# The ballot is the voter's smallest receipt, or the largest where a vote may be changed. Receipts sort by time, so the
# same ballot wins in whatever order the partitions are read: live and history agree, and a replay changes nothing.
BALLOTS = """
CREATE TEMPORARY VIEW ballots AS
SELECT
    stream_id, poll_id, voter, options, allow_change, first_voted_at, last_voted_at, received, late, invalid,
    SUBSTRING(ballot FROM 1 FOR 26) AS receipt,
    CAST(SUBSTRING(ballot FROM 27) AS BIGINT) AS choices
FROM (
    SELECT
        stream_id, poll_id, voter,
        MAX(options) AS options,
        MAX(CASE WHEN allow_change THEN 1 ELSE 0 END) AS allow_change,
        COALESCE(
            MAX(entry) FILTER (WHERE allow_change AND verdict = 'counted'),
            MIN(entry) FILTER (WHERE NOT allow_change AND verdict = 'counted')) AS ballot,
        MIN(`at`) AS first_voted_at,
        MAX(`at`) AS last_voted_at,
        COUNT(*) AS received,
        COUNT(*) FILTER (WHERE verdict = 'late') AS late,
        COUNT(*) FILTER (WHERE verdict = 'invalid') AS invalid
    FROM judged_votes
    GROUP BY stream_id, poll_id, voter
)
"""

# A row holds all numbers of a bucket of voters (contracts.buckets), so a screen never sees options of one moment beside
# voters of another. The votes received in the bucket are its version.
TALLIES = f"""
CREATE TEMPORARY VIEW tallies AS
SELECT
    stream_id, poll_id, options, bucket,
    COUNT(choices) AS voters,
    SUM(received) AS received,
    SUM(CASE WHEN allow_change = 1 AND choices IS NOT NULL THEN received - late - invalid - 1 ELSE 0 END) AS replaced,
    SUM(CASE WHEN allow_change = 0 AND choices IS NOT NULL THEN received - late - invalid - 1 ELSE 0 END) AS duplicate,
    SUM(late) AS late,
    SUM(invalid) AS invalid,
    ARRAY[{", ".join(f"COALESCE(SUM(MOD(choices / {1 << i}, 2)), 0)" for i in range(MAX_OPTIONS))}] AS votes
FROM (SELECT *, {BUCKET_SQL} AS bucket FROM ballots)
GROUP BY stream_id, poll_id, options, bucket
"""


def define(env: TableEnvironment, source: str) -> None:
    """Define the views `ballots` and `tallies` over records read from `source`."""
    env.execute_sql(RECORDS.format(connector=source))
    env.execute_sql(VOTES)
    env.execute_sql(BALLOTS)
    env.execute_sql(TALLIES)


def build(env: TableEnvironment, sink: Sink, settings: JobSettings) -> StatementSet:
    """Return the statements of one deployment."""
    pace = pace_of(sink, settings)
    define(env, kafka(topics.VOTES, pace, settings) + "," + JSON)
    statements = env.create_statement_set()
    if sink == "redis":
        env.create_temporary_system_function("write_tallies", tally_writer(settings))
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_tallies(
                stream_id, poll_id, options, bucket, received, voters, replaced, duplicate, late, invalid, votes)
            FROM tallies""")
    else:
        env.create_temporary_system_function("write_ballots", ballot_writer(settings))
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_ballots(
                stream_id, poll_id, voter, receipt, choices, first_voted_at, last_voted_at,
                received, late, invalid, allow_change)
            FROM ballots""")
        history.add_polls(env, statements, settings)
        dead_letters.add(env, statements, topics.VOTES, settings)
    return statements


if __name__ == "__main__":
    submit(NAME, build)
