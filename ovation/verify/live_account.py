"""What Redis holds of a stream: the hashes of `contracts.redis_keys`."""

from collections.abc import Iterable
from typing import Any

import redis

from contracts import redis_keys
from contracts.redis_keys import WINDOW_TTL_S, PollField
from contracts.windows import WINDOW_MS, window_start
from ovation.verify.numbers import Account, InWindow, Key, Span, Total, poll_numbers

NAME = "live"
MARGIN_S = 15
"""A window that is nearly as old as its hash may live need not be there any more."""


def read(client: redis.Redis, stream_id: str, poll_ids: Iterable[str]) -> Account:
    """Return the account of a stream and its polls. Raises redis.RedisError.

    Of a window it speaks when its hash is there, or when it is too young to have expired.
    """
    polls = list(poll_ids)
    clock: Any = client.time()
    now_ms = int(clock[0]) * 1000
    # A hash lives from its last write, which may come after its window; and this clock is not the gateway's.
    newest = window_start(now_ms) + MARGIN_S * 1000
    starts = list(range(newest - (WINDOW_TTL_S + 4 * MARGIN_S) * 1000, newest + 1, WINDOW_MS))
    with client.pipeline(transaction=False) as pipeline:
        pipeline.hgetall(redis_keys.reactions(stream_id))
        for poll_id in polls:
            pipeline.hgetall(redis_keys.poll(stream_id, poll_id))
        for start in starts:
            pipeline.hgetall(redis_keys.reactions_window(stream_id, start // 1000))
        totals, *hashes = pipeline.execute()
    numbers: dict[Key, Span] = {Total(emoji): span for emoji, span in _counts(totals)}
    for poll_id, fields in zip(polls, hashes, strict=False):
        numbers.update(_poll(poll_id, fields))
    must_be_there = now_ms - (WINDOW_TTL_S - MARGIN_S) * 1000
    windows = set()
    for start, counts in zip(starts, hashes[len(polls) :], strict=True):
        if counts or start > must_be_there:
            windows.add(start)
        numbers.update((InWindow(start, emoji), span) for emoji, span in _counts(counts))
    return Account(NAME, numbers, windows=frozenset(windows))


def _counts(fields: dict[bytes, bytes]) -> Iterable[tuple[str, Span]]:
    for emoji, count in fields.items():
        yield emoji.decode(), Span.exactly(int(count))


def _poll(poll_id: str, fields: dict[bytes, bytes]) -> Iterable[tuple[Key, Span]]:
    numbers = {name.decode(): int(value) for name, value in fields.items() if value.isdigit()}
    votes = {
        name.removeprefix(PollField.OPTION): number
        for name, number in numbers.items()
        if name.startswith(PollField.OPTION)
    }
    return poll_numbers(poll_id, votes, numbers)
