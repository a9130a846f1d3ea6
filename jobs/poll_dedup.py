"""One ballot per stream, poll and voter, and the tally of the ballots.

One query (`jobs.ballots`), deployed twice: `--sink redis` keeps the screens' tally, `--sink clickhouse` every ballot.

    flink run -py jobs/poll_dedup.py -pyfs dist/ovation-jobs.zip --sink redis
"""

from pyflink.table import StatementSet, TableEnvironment

from contracts import topics
from jobs import ballots, dead_letters, history
from jobs.bounded import Bounded
from jobs.deployment import submit
from jobs.environment import pace_of
from jobs.settings import JobSettings, Sink
from jobs.sinks.clickhouse_ballots import ballot_writer
from jobs.sinks.redis_polls import tally_writer
from jobs.sources import RAW, everywhere, kafka

NAME = "poll_dedup"


SUMMARY = "SELECT stream_id, poll_id, COUNT(*), SUM(received) FROM ballots GROUP BY stream_id, poll_id"
"""What a bounded run has written: voters and votes of each poll."""


def build(env: TableEnvironment, sink: Sink, settings: JobSettings, bounded: Bounded | None = None) -> StatementSet:
    """Return the statements of one deployment, or of a run that ends."""
    if bounded:
        ballots.define(env, bounded.sources(settings, RAW), bounded.taken)
    else:
        group = topics.consumer_group(NAME, sink)
        source = kafka(everywhere(topics.VOTES, settings), pace_of(sink, settings), settings, group)
        ballots.define(env, [f"{source},{RAW}"])
    statements = env.create_statement_set()
    if sink == "redis":
        env.create_temporary_system_function("write_tallies", tally_writer(settings))
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_tallies(
                stream_id, poll_id, options, bucket,
                received, voters, replaced, withdrawn, duplicate, late, invalid, ineligible, votes, received_in)
            FROM tallies""")
    else:
        env.create_temporary_system_function("write_ballots", ballot_writer(settings))
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_ballots(
                stream_id, poll_id, voter, receipt, choices, playback_ms, first_voted_at, last_voted_at,
                received, replaced, duplicate, late, invalid, ineligible, received_in)
            FROM ballots""")
        if bounded:
            bounded.add_summary(env, statements, SUMMARY)
        else:
            history.add_polls(env, statements, settings)
            dead_letters.add(env, statements, topics.VOTES, settings)
    return statements


if __name__ == "__main__":
    submit(NAME, build)
