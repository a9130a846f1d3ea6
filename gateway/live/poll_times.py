"""Tells when the clock alone changes the status of a poll, so that screens show it at that moment."""

import asyncio
from collections.abc import Callable

from gateway.clock import Clock
from gateway.control.model import Poll


class PollTimes:
    """A timer for each poll that will open or close at a known time; `on_change` gets the poll's id."""

    def __init__(self, clock: Clock, on_change: Callable[[str], None]) -> None:
        self._clock = clock
        self._on_change = on_change
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def watch(self, poll: Poll) -> None:
        """Wait for the next change of this definition, and of no earlier one of the same poll."""
        timer = self._timers.pop(poll.poll_id, None)
        if timer is not None:
            timer.cancel()
        now_ms = self._clock()
        change_ms = _next_change_ms(poll, now_ms)
        if change_ms is not None:
            loop = asyncio.get_running_loop()
            delay_s = max(0, change_ms - now_ms) / 1000
            self._timers[poll.poll_id] = loop.call_later(delay_s, self._fire, poll, poll.status_at(now_ms))

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _fire(self, poll: Poll, before: str) -> None:
        if poll.status_at(self._clock()) != before:
            self._on_change(poll.poll_id)
        # Or the loop's clock was ahead of the gateway's, and it is not time yet.
        self.watch(poll)


def _next_change_ms(poll: Poll, now_ms: int) -> int | None:
    status = poll.status_at(now_ms)
    if status == "scheduled":
        return poll.opens_at
    # A poll is open until its closing time, that moment included.
    return poll.closing_ms + 1 if status in ("open", "paused") and poll.closing_ms is not None else None
