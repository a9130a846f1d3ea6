"""Taps per tumbling window, stream and emoji.

One query, deployed twice: `--sink redis` keeps the screens' numbers, `--sink clickhouse` the history.

    flink run -py jobs/reaction_window.py -pyfs dist/ovation-jobs.zip --sink redis
"""

from pyflink.table import StatementSet, TableEnvironment

from contracts import topics
from contracts.limits import MAX_TAPS_PER_RECORD
from contracts.windows import WINDOW_MS
from jobs import dead_letters, history
from jobs.deployment import submit
from jobs.environment import pace_of
from jobs.settings import JobSettings, Sink
from jobs.sinks.clickhouse import window_writer
from jobs.sinks.redis_reactions import reactions_writer
from jobs.sources import JSON, kafka

NAME = "reaction_window"

RECORDS = """
CREATE TEMPORARY TABLE reaction_records (
    v INT,
    stream_id STRING,
    region STRING,
    `at` BIGINT,
    counts MAP<STRING, BIGINT>
) WITH ({connector})
"""

# The window is arithmetic on the gateway's event time. There is no watermark: a group aggregate fires with every
# mini-batch, takes what comes late, and has no window that waits to be closed.
TAPS = f"""
CREATE TEMPORARY VIEW taps AS
SELECT stream_id, region, emoji, taps, `at` - MOD(`at`, {WINDOW_MS}) AS window_start
FROM reaction_records
CROSS JOIN UNNEST(counts) AS c (emoji, taps)
WHERE v = 1
  AND stream_id IS NOT NULL
  AND region IS NOT NULL
  AND `at` BETWEEN 1000000000000 AND 9999999999999
  AND taps BETWEEN 1 AND {MAX_TAPS_PER_RECORD}
"""

# Windows and totals are sums of their own, remembered for different times. A total says its newest window, so that
# what a screen is told of both belongs together.
LIVE_WINDOWS = """
CREATE TEMPORARY VIEW live_windows AS
SELECT /*+ STATE_TTL('taps' = '{window_ttl_h}h') */
    stream_id, window_start, emoji, SUM(taps) AS reactions
FROM taps
GROUP BY stream_id, window_start, emoji
"""

LIVE_TOTALS = """
CREATE TEMPORARY VIEW live_totals AS
SELECT stream_id, MAX(window_start) AS newest_window, emoji, SUM(taps) AS reactions
FROM taps
GROUP BY stream_id, emoji
"""

HISTORY = """
CREATE TEMPORARY VIEW reaction_windows AS
SELECT /*+ STATE_TTL('taps' = '{window_ttl_h}h') */
    stream_id, window_start, emoji, region, SUM(taps) AS reactions
FROM taps
GROUP BY stream_id, window_start, emoji, region
"""


def define(env: TableEnvironment, source: str, settings: JobSettings) -> None:
    """Define the views `live_windows`, `live_totals` and `reaction_windows` over records read from `source`."""
    env.execute_sql(RECORDS.format(connector=source))
    env.execute_sql(TAPS)
    env.execute_sql(LIVE_WINDOWS.format(window_ttl_h=settings.window_ttl_h))
    env.execute_sql(LIVE_TOTALS)
    env.execute_sql(HISTORY.format(window_ttl_h=settings.window_ttl_h))


def build(env: TableEnvironment, sink: Sink, settings: JobSettings) -> StatementSet:
    """Return the statements of one deployment."""
    group = topics.consumer_group(NAME, sink)
    define(env, kafka(topics.REACTIONS, pace_of(sink, settings), settings, group) + "," + JSON, settings)
    statements = env.create_statement_set()
    if sink == "redis":
        env.create_temporary_system_function("write_windows", reactions_writer(settings, totals=False))
        env.create_temporary_system_function("write_totals", reactions_writer(settings, totals=True))
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_windows(stream_id, window_start, emoji, reactions) FROM live_windows""")
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_totals(stream_id, newest_window, emoji, reactions) FROM live_totals""")
    else:
        env.create_temporary_system_function("write_windows", window_writer(settings))
        statements.add_insert_sql("""
            INSERT INTO written
            SELECT write_windows(stream_id, window_start, emoji, region, reactions) FROM reaction_windows""")
        history.add_streams(env, statements, settings)
        dead_letters.add(env, statements, topics.REACTIONS, settings)
    return statements


if __name__ == "__main__":
    submit(NAME, build)
