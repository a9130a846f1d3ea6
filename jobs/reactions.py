"""The views that turn taps into sums: by window for screens; by window, minute, hour and second of the video for SQL.

`raw_records` → `reaction_records` → `taps` → `live_windows`, `live_totals` and `history_sums`, all of it in the JVM by
the functions of `jobs/java`: a record is read in one pass over its bytes, and is one row on its way, whatever its
emojis. A record that breaks a rule of its schema counts not at all. Every sum is absolute and only grows, so it is its
own version; a row holds the sums of those emojis that have changed.

The window is arithmetic on the gateway's event time. There is no watermark: a group aggregate fires with every
mini-batch, takes what comes late, and has no window that waits to be closed.
"""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from contracts.windows import HOUR_MS, MINUTE_MS, WINDOW_MS
from jobs.settings import JobSettings
from jobs.sources import define_records

FUNCTIONS = {
    "read_reactions": "ovation.ReactionRecords",
    "sum_taps": "ovation.SumTaps",
    "taps_json": "ovation.TapsJson",
}
"""Functions of `jobs/java`, by their names in SQL."""

READ = """
SELECT stream_id, region, `at`, counts, video, reactors
FROM raw_records
CROSS JOIN LATERAL TABLE(read_reactions(`value`)) AS r (stream_id, region, `at`, counts, video, reactors)
WHERE {taken}
"""

TAPS = f"""
SELECT stream_id, region, counts, `at` - MOD(`at`, {WINDOW_MS}) AS window_start
FROM reaction_records
"""

# Taps whose viewers said where in the video they were.
VIDEO_TAPS = """
SELECT stream_id, region, counts_there AS counts, `second` * 1000 AS position_ms
FROM reaction_records
CROSS JOIN UNNEST(video) AS p (`second`, counts_there)
"""

# Windows and totals are sums of their own, remembered for different times. A total says its newest window, so that
# what a screen is told of both belongs together.
LIVE_WINDOWS = """
SELECT /*+ STATE_TTL('taps' = '{window_ttl_h}h') */
    stream_id, window_start, sum_taps(counts) AS reactions
FROM taps
GROUP BY stream_id, window_start
"""

LIVE_TOTALS = """
SELECT stream_id, MAX(window_start) AS newest_window, sum_taps(counts) AS reactions
FROM taps
GROUP BY stream_id
"""

# A video is watched, and tapped, for as long as its stream is live: these sums are remembered as the totals are.
VIDEO_SUMS = """
SELECT 'video' AS kind, stream_id, position_ms AS start_ms, region, sum_taps(counts) AS reactions
FROM video_taps
GROUP BY stream_id, position_ms, region
"""

# Minutes and hours are summed from the taps, not from the windows: a sum of sums that are replaced would take back
# every one before it adds the next.
_HISTORY_SUMS = {"window": WINDOW_MS, "minute": MINUTE_MS, "hour": HOUR_MS}

# Who tapped, as the sample that the gateway chose (contracts.reactors). A row is the same whenever it comes again.
REACTORS = f"""
SELECT stream_id, `at` - MOD(`at`, {MINUTE_MS}) AS minute_start, reactor, level
FROM (SELECT stream_id, `at`, reactors.level AS level, reactors.hashes AS hashes FROM reaction_records)
CROSS JOIN UNNEST(hashes) AS r (reactor)
"""


def _history_sum(kind: str, length_ms: int, ttl_h: int) -> str:
    start = "window_start" if length_ms == WINDOW_MS else f"window_start - MOD(window_start, {length_ms})"
    return f"""
SELECT /*+ STATE_TTL('taps' = '{ttl_h}h') */
    '{kind}' AS kind, stream_id, {start} AS start_ms, region, sum_taps(counts) AS reactions
FROM taps
GROUP BY stream_id, {start}, region
"""


def define(
    env: TableEnvironment,
    sources: Sequence[str],
    settings: JobSettings,
    taken: str | None = None,
    *,
    ends: bool = False,
) -> None:
    """Define the views of the live picture and of the history over records read from `sources`, which `ends` or not.

    `taken` is a condition that narrows them to what gateways took in some span of time.
    """
    view = _view if ends else _shared_view
    taken = taken or "TRUE"
    sums = [_history_sum(kind, length_ms, settings.window_ttl_h) for kind, length_ms in _HISTORY_SUMS.items()]
    for name, function in FUNCTIONS.items():
        env.create_java_temporary_system_function(name, function)
    define_records(env, "raw_records", sources)
    view(env, "reaction_records", READ.format(taken=taken))
    view(env, "taps", TAPS)
    view(env, "video_taps", VIDEO_TAPS)
    view(env, "live_windows", LIVE_WINDOWS.format(window_ttl_h=settings.window_ttl_h))
    view(env, "live_totals", LIVE_TOTALS)
    view(env, "history_sums", " UNION ALL ".join([*sums, VIDEO_SUMS]))
    view(env, "reactor_samples", REACTORS)


def _shared_view(env: TableEnvironment, name: str, query: str) -> None:
    """Define a view whose plan is shared by all who read it.

    A view that is SQL is planned again wherever it is read, and no two calls of a table function are alike to the
    planner: every branch would read the records for itself.
    """
    env.create_temporary_view(name, env.sql_query(query))


def _view(env: TableEnvironment, name: str, query: str) -> None:
    """Define a view of a batch job, whose planner fails on an UNNEST that is shared ("could not find table scan")."""
    env.execute_sql(f"CREATE TEMPORARY VIEW {name} AS {query}")
