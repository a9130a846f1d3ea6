"""What the live picture of some streams must show, as the history has it."""

from collections.abc import Sequence

from contracts.buckets import BUCKET_CLICKHOUSE
from contracts.picture import Call, reactions, tally
from contracts.picture.reactions import StreamCounts
from contracts.redis_keys import WINDOW_TTL_S
from contracts.tables import BALLOTS, DATABASE, REACTIONS_BY_HOUR_VIEW, REACTIONS_VIEW
from gateway.control.table import ControlTable
from gateway.history.client import History

# From the sums by hour: few rows, which are there when windows are not kept any more.
_TOTALS = f"""
SELECT stream_id, emoji, sum(reactions), toInt64(toUnixTimestamp(max(hour_start))) * 1000
FROM {DATABASE}.{REACTIONS_BY_HOUR_VIEW}
WHERE stream_id IN {{streams:Array(String)}}
GROUP BY stream_id, emoji
"""  # noqa: S608 - names of this project, and ClickHouse's own parameters

_WINDOWS = f"""
SELECT stream_id, toUnixTimestamp64Milli(window_start) AS start, emoji, sum(reactions)
FROM {DATABASE}.{REACTIONS_VIEW}
WHERE stream_id IN {{streams:Array(String)}} AND window_start >= fromUnixTimestamp64Milli({{since:Int64}})
GROUP BY stream_id, window_start, emoji
"""  # noqa: S608

# In the order of `contracts.picture.tally`. Rows of before there were regions name none: a bucket with such is written
# without any, and so gives way to as many votes from the job.
_TALLIES = f"""
SELECT
    stream_id,
    poll_id,
    {BUCKET_CLICKHOUSE} AS bucket,
    [
        sum(attempts),
        countIf(outcome = 'counted'),
        sum(vote.replaced),
        countIf(outcome = 'withdrawn'),
        sum(vote.duplicate),
        sum(vote.late),
        sum(vote.invalid),
        sum(vote.ineligible)
    ],
    sumMapIf(CAST(choices, 'Array(String)'), arrayMap(_ -> toUInt64(1), choices), outcome = 'counted'),
    sumMap(attempts_in)
FROM {DATABASE}.{BALLOTS} AS vote FINAL
WHERE stream_id IN {{streams:Array(String)}}
GROUP BY stream_id, poll_id, bucket
"""  # noqa: S608


async def reaction_calls(history: History, stream_ids: Sequence[str], now_ms: int) -> list[Call]:
    """Return the calls of `reactions.lua`, for totals and the windows that Redis keeps. Raises as `History.rows`."""
    streams: dict[str, StreamCounts] = {}
    asked = {"streams": list(stream_ids)}
    for stream_id, emoji, taps, newest in await history.rows(_TOTALS, asked):
        counts = streams.setdefault(stream_id, StreamCounts())
        counts.totals[emoji] = taps
        counts.newest = max(counts.newest, newest)
    since_ms = now_ms - WINDOW_TTL_S * 1000
    for stream_id, start, emoji, taps in await history.rows(_WINDOWS, {**asked, "since": since_ms}):
        counts = streams.setdefault(stream_id, StreamCounts())
        counts.windows.setdefault(start, {})[emoji] = taps
        counts.newest = max(counts.newest, start)
    return [reactions.script_call(stream_id, counts, now_ms) for stream_id, counts in streams.items()]


async def tally_calls(history: History, table: ControlTable, stream_ids: Sequence[str], now_ms: int) -> list[Call]:
    """Return the calls of `tally.lua`. Raises Refused as `History.rows`."""
    polls: dict[tuple[str, str], dict[int, str]] = {}
    found = await history.rows(_TALLIES, {"streams": list(stream_ids)})
    for stream_id, poll_id, bucket, numbers, (chosen, counts), regions in found:
        if table.has_poll(stream_id, poll_id):
            votes = dict(zip(chosen, counts, strict=True))
            options = (votes.get(option.id, 0) for option in table.poll(stream_id, poll_id).options)
            received_in = tally.by_region(regions) if sum(regions.values()) == numbers[0] else ""
            polls.setdefault((stream_id, poll_id), {})[bucket] = tally.tally(received_in, numbers, options)
    return [tally.script_call(*ids, tallies, now_ms) for ids, tallies in polls.items()]
