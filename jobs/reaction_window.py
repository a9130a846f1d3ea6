"""Taps per tumbling window, stream and emoji.

One query (`jobs.reactions`), deployed twice: `--sink redis` keeps the screens' numbers, `--sink clickhouse` history.

    flink run -py jobs/reaction_window.py -pyfs dist/ovation-jobs.zip --sink redis
"""

from pyflink.table import StatementSet, TableEnvironment

from contracts import topics
from jobs import dead_letters, history, reactions
from jobs.bounded import Bounded
from jobs.deployment import submit
from jobs.environment import pace_of
from jobs.settings import JobSettings, Sink
from jobs.sinks.clickhouse_reactions import reactor_writer, sum_writer
from jobs.sinks.redis_reactions import reactions_writer
from jobs.sources import RAW, everywhere, kafka

NAME = "reaction_window"

SUMMARY = """
SELECT stream_id, CAST(start_ms - MOD(start_ms, 3600000) AS STRING), COUNT(*), SUM(taps)
FROM history_sums
CROSS JOIN UNNEST(reactions) AS r (emoji, taps)
WHERE kind = 'window'
GROUP BY stream_id, start_ms - MOD(start_ms, 3600000)
"""
"""What a bounded run has written: windows and taps of each stream and hour."""


def build(env: TableEnvironment, sink: Sink, settings: JobSettings, bounded: Bounded | None = None) -> StatementSet:
    """Return the statements of one deployment, or of a run that ends."""
    if bounded:
        reactions.define(env, bounded.sources(settings, RAW), settings, bounded.taken, ends=True)
    else:
        group = topics.consumer_group(NAME, sink)
        source = kafka(everywhere(topics.REACTIONS, settings), pace_of(sink, settings), settings, group)
        reactions.define(env, [f"{source},{RAW}"], settings)
    statements = env.create_statement_set()
    if sink == "redis":
        env.create_temporary_system_function("write_windows", reactions_writer(settings, totals=False))
        env.create_temporary_system_function("write_totals", reactions_writer(settings, totals=True))
        # One statement, so that the taps of both are counted out of their records once.
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_windows(stream_id, window_start, taps_json(reactions)) FROM live_windows
            UNION ALL
            SELECT write_totals(stream_id, newest_window, taps_json(reactions)) FROM live_totals""")
    else:
        env.create_temporary_system_function("write_sums", sum_writer(settings))
        env.create_temporary_system_function("write_reactors", reactor_writer(settings))
        # One statement here too: what two would share is planned without mini-batches, and told at checkpoints only.
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_sums(kind, stream_id, start_ms, region, taps_json(reactions)) FROM history_sums
            UNION ALL
            SELECT write_reactors(stream_id, minute_start, reactor, level) FROM reactor_samples""")
        if bounded:
            bounded.add_summary(env, statements, SUMMARY)
        else:
            history.add_streams(env, statements, settings)
            dead_letters.add(env, statements, topics.REACTIONS, settings)
    return statements


if __name__ == "__main__":
    submit(NAME, build)
