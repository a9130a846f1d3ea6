"""Counts of a stream's reactions, as `reactions.lua` takes them."""

from dataclasses import dataclass, field

from contracts import redis_keys
from contracts.picture import Call

SCRIPT = "reactions.lua"


@dataclass(slots=True)
class StreamCounts:
    """What is known of one stream: taps by emoji, in all and by window. Times are the start of a window, in ms."""

    newest: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    windows: dict[int, dict[str, int]] = field(default_factory=dict)


def script_call(stream_id: str, counts: StreamCounts, now_ms: int) -> Call:
    """Return keys and arguments of the script for one stream."""
    starts = sorted({counts.newest, *counts.windows})
    keys = [redis_keys.reactions(stream_id), redis_keys.live(stream_id)]
    keys += [redis_keys.reactions_window(stream_id, start // 1000) for start in starts]
    arguments: list[str | int] = [stream_id, now_ms, counts.newest, redis_keys.STREAM_TTL_S, redis_keys.WINDOW_TTL_S]
    for bucket in (counts.totals, *(counts.windows.get(start, {}) for start in starts)):
        arguments.append(len(bucket))
        for emoji, taps in bucket.items():
            arguments += (emoji, taps)
    return keys, arguments
