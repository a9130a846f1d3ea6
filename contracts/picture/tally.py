"""Tallies of a poll's buckets of voters, as `tally.lua` takes them."""

from collections.abc import Iterable, Mapping

from contracts import redis_keys
from contracts.picture import Call

SCRIPT = "tally.lua"


def by_region(received: Mapping[str, int]) -> str:
    """Return votes received by region as the job writes them: `eu=2,us=1`."""
    return ",".join(f"{region}={votes}" for region, votes in sorted(received.items()))


def tally(received_in: str, numbers: Iterable[int], votes: Iterable[int]) -> str:
    """Return a bucket's tally as it is kept.

    `received_in` is how many votes came by each region, `eu=2,us=1`. `numbers` are votes received, voters, replaced,
    withdrawn, duplicate, late, invalid and ineligible; `votes` are those of each option of the poll.
    """
    return f"{received_in}|{' '.join(map(str, (*numbers, *votes)))}"


def script_call(stream_id: str, poll_id: str, tallies: Mapping[int, str], now_ms: int) -> Call:
    """Return keys and arguments of the script for one poll and the tallies of some of its buckets."""
    keys = [
        redis_keys.poll(stream_id, poll_id),
        redis_keys.poll_buckets(stream_id, poll_id),
        redis_keys.live(stream_id),
    ]
    arguments: list[str | int] = [stream_id, poll_id, now_ms, redis_keys.STREAM_TTL_S]
    for bucket, text in tallies.items():
        arguments += (bucket, text)
    return keys, arguments
