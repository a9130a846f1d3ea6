"""Curves of what a million taps cost as something grows, and why they bend."""

from collections.abc import Sequence

from bench.findings import Curve
from bench.stack.costs import CLIENT, GATEWAY, OTHERS, Costs

X_NAMES = {"viewers": "viewers of one stream", "parallelism": "parallelism of the jobs"}
BENDS = {
    "streams": (
        "While a stream has many taps in a flush, they are one record, one row and one call to Redis, whatever their "
        "number: cost follows the pairs of a stream and a flush. From some 250 streams on (10,000 taps a second, a "
        "flush every 25 ms) most taps are records of their own, and Kafka's bytes flatten; rows and calls go on until "
        "every tap is alone in its second, too."
    ),
    "viewers": (
        "Nothing is kept of a viewer but whether it is in the minute's sample of who tapped: rows and bytes rise with "
        "the viewers while all of them are named, and flatten where only some thousand a minute are."
    ),
    "gateways": (
        "Each gateway writes its own record of a stream and flush, so Kafka's bytes, and the work of reading "
        "them, grow with the gateways over which a stream's viewers are spread, until each record holds one tap. "
        "Behind the first sum nothing does: Redis commands and rows stay."
    ),
    "emojis": (
        "A record is longer by a few bytes for each emoji; rows and Redis fields are one for each emoji that was "
        "tapped, until there are more emojis than taps of a stream in a batch."
    ),
    "parallelism": ("Every subtask has its own timers, buffers and bundles for Python, with fewer rows in each."),
}


def curves(what: str, sizes: Sequence[int], found: Sequence[Costs]) -> tuple[Curve, Curve]:
    """Return the cost of a million taps at each of `sizes`: in CPU seconds, and in what is written."""
    x, x_name = tuple(map(float, sizes)), X_NAMES.get(what, what)
    # No socket is open and no screen watches: what the stack's own gateway uses is not of the taps.
    names = [name for name in found[0].cpu_s if name not in (OTHERS, GATEWAY)]
    cpu = {name: tuple(round(max(each.cpu_s[name], 0), 2) for each in found) for name in names}
    cpu["gateway: taps to records"] = cpu.pop(CLIENT)
    written = {
        "MB in Kafka": tuple(round(each.kafka_bytes / 1e6, 3) for each in found),
        "thousand Redis commands": tuple(round(each.redis_commands / 1e3, 1) for each in found),
        "thousand rows sent to ClickHouse": tuple(round(each.inserted / 1e3, 3) for each in found),
        "thousand rows that stand there": tuple(round(each.rows.rows / 1e3, 3) for each in found),
        "KB that they take": tuple(round(each.rows.bytes / 1e3, 2) for each in found),
    }
    title = f"A million taps, as {what} grow{'s' if what == 'parallelism' else ''}"
    return (
        Curve(f"{title}: processors", x_name, "CPU seconds", x, cpu, BENDS[what]),
        Curve(f"{title}: what is written", x_name, "for a million taps", x, written),
    )
