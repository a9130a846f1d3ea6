"""Reads a stream's live state from Redis, the keys of `contracts.redis_keys`, in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_cluster import aio
from contracts.redis_keys import PollField
from gateway.live.picture import Picture
from gateway.live.tally import NUMBERS, Tally

_RECENT_WINDOWS = 3
_TIMEOUT_S = 1.0
_buckets = msgspec.json.Decoder(dict[str, int])


@dataclass(slots=True)
class State:
    """What Redis holds of a stream. `windows` maps start, epoch ms, to counts."""

    totals: dict[str, int]
    windows: dict[int, dict[str, int]]
    tallies: dict[str, Tally]

    def merge_into(self, picture: Picture, now_ms: int) -> bool:
        """Merge into the picture; return whether anything changed."""
        changed = picture.merge_totals(self.totals, now_ms)
        for start, counts in sorted(self.windows.items()):
            changed |= picture.merge_window(start, counts, now_ms)
        for poll_id, tally in self.tallies.items():
            changed |= picture.merge_tally(poll_id, tally)
        return changed


class RedisState:
    """Reads state. Raises RedisError or OSError when Redis does not answer in time."""

    def __init__(self, url: str) -> None:
        self._redis = aio.connect(url, timeout_s=_TIMEOUT_S)

    async def read(self, stream_id: str, poll_ids: Sequence[str], now_ms: int) -> State:
        """Return totals, the windows of the last seconds, and the tallies of these polls."""
        seconds = [now_ms // 1000 - back for back in range(_RECENT_WINDOWS)]
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.hgetall(redis_keys.reactions(stream_id))
            for start_s in seconds:
                pipeline.hgetall(redis_keys.reactions_window(stream_id, start_s))
            for poll_id in poll_ids:
                pipeline.hgetall(redis_keys.poll(stream_id, poll_id))
            totals, *hashes = await pipeline.execute()
        windows, polls = hashes[: len(seconds)], hashes[len(seconds) :]
        return State(
            totals=_counts(totals),
            windows={
                start_s * 1000: _counts(window) for start_s, window in zip(seconds, windows, strict=True) if window
            },
            tallies={poll_id: _tally(poll) for poll_id, poll in zip(poll_ids, polls, strict=True) if poll},
        )

    async def close(self) -> None:
        try:
            await self._redis.aclose()
        except (RedisError, OSError):
            return


def _counts(fields: dict[bytes, bytes]) -> dict[str, int]:
    return {name.decode(): int(count) for name, count in fields.items()}


def _tally(fields: dict[bytes, bytes]) -> Tally:
    prefix = PollField.OPTION.encode()

    def number(name: str) -> int:
        return int(fields.get(name.encode(), 0))

    return Tally(
        votes={
            name.removeprefix(prefix).decode(): int(votes) for name, votes in fields.items() if name.startswith(prefix)
        },
        version=number(PollField.VERSION),
        as_of=number(PollField.AS_OF),
        buckets=_buckets.decode(fields.get(PollField.BUCKETS.encode(), b"{}")),
        **{name: number(name) for name in NUMBERS},
    )
