"""Taps that are made within a moment, or while there is no connection, go out together."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from contracts.limits import MAX_EMOJIS, MAX_TAPS_PER_REQUEST
from ovation.client import frames
from ovation.client.answers import Counted
from ovation.client.errors import CallError
from ovation.client.outbox import Sending

JOINED_S = 10.0
"""Taps that were not sent yet are joined for so long, so that none of a frame is much older than another."""


@dataclass(frozen=True, slots=True)
class TapsOutcome:
    """What came of taps, by emoji. `problem` says why some were not counted; of `UnansweredError` and the problem
    `uncertain-taps` nobody knows whether they were. Who taps faster than the gateway allows has no problem, only
    `uncounted` taps.
    """

    counted: dict[str, int] = field(default_factory=dict)
    uncounted: dict[str, int] = field(default_factory=dict)
    problem: CallError | None = None

    @classmethod
    def of_sending(cls, sending: Sending) -> "TapsOutcome | None":
        """Return what came of a frame of taps that is done, None if nobody waited for that."""
        assert isinstance(sending.frame, frames.React)
        taps = sending.frame.counts
        if sending.answer.cancelled():
            return None
        failure = sending.answer.exception()
        if isinstance(failure, CallError):
            return cls({}, dict(taps), failure)
        return cls.of(taps, sending.answer.result().as_counted())

    @classmethod
    def of(cls, taps: dict[str, int], answer: Counted) -> "TapsOutcome":
        """Return what an answer says of taps."""
        counted = taps if answer.counts is None else answer.counts
        missing = {emoji: count - counted.get(emoji, 0) for emoji, count in taps.items()}
        return cls(dict(counted), {emoji: count for emoji, count in missing.items() if count > 0})


class TapPile:
    """Collects taps for `moment_s`. `send` gets each frame and returns it on its way, or raises a CallError; then
    `failed` gets what came of them.
    """

    def __init__(
        self,
        moment_s: float,
        send: Callable[[frames.React], Sending],
        failed: Callable[[TapsOutcome], None],
    ) -> None:
        self._moment_s = moment_s
        self._send = send
        self._failed = failed
        self._counts: dict[str, int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._last: Sending | None = None

    def add(self, emoji: str, count: int) -> None:
        """Put taps on the pile. Raises ValueError for more than one frame may hold, or fewer than one."""
        if not 1 <= count <= MAX_TAPS_PER_REQUEST:
            raise ValueError(f"A tap counts from 1 to {MAX_TAPS_PER_REQUEST:,}, not {count}.")
        if not _fit(self._counts, {emoji: count}):
            self.flush()
        self._counts[emoji] = self._counts.get(emoji, 0) + count
        if self._moment_s <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._moment_s, self.flush)

    def flush(self) -> None:
        """Send what is there."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        counts, self._counts = self._counts, {}
        if not counts or self._joined(counts):
            return
        try:
            self._last = self._send(frames.React(counts=counts))
        except CallError as error:
            self._failed(TapsOutcome({}, counts, error))

    def _joined(self, counts: dict[str, int]) -> bool:
        """Add taps to those which still wait to be sent, if they may."""
        last, now_s = self._last, time.perf_counter()
        if last is None or last.may_have_arrived or last.answer.done() or self._moment_s <= 0:
            return False
        assert isinstance(last.frame, frames.React)
        if now_s - last.since_s > JOINED_S or not _fit(last.frame.counts, counts):
            return False
        _add(last.frame.counts, counts)
        return True


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for emoji, count in more.items():
        counts[emoji] = counts.get(emoji, 0) + count


def _fit(counts: dict[str, int], more: dict[str, int]) -> bool:
    """Return whether both are not too much for one frame."""
    few = all(counts.get(emoji, 0) + count <= MAX_TAPS_PER_REQUEST for emoji, count in more.items())
    return few and len(counts.keys() | more.keys()) <= MAX_EMOJIS
