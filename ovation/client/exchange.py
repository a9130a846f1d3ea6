"""Frames and their answers over a connection that comes and goes: nothing that was said is lost or doubled by that."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import aiohttp

from ovation.client import frames
from ovation.client.backoff import Backoff
from ovation.client.connection import Connection
from ovation.client.errors import ProblemError
from ovation.client.outbox import Outbox, Sending

WELCOME_S = 1.0
"""A gateway that says no welcome so long after its snapshot is one that says none."""
LOOK_S = 5.0
"""How often somebody looks for what has waited too long, while anything waits."""
ANSWER_S = 15.0
"""Longer than a gateway waits for Kafka: who has not answered a frame by then is not there any more."""
TAPS_S = 60.0
"""Taps that wait longer are given up: nobody remembers what they were for."""


class Exchange:
    """Sends what is put into it as soon as a gateway has said welcome, and again after the connection was `closed`.

    `opened` is called when it can be sent.
    """

    def __init__(self, connection: Connection, room: int, opened: Callable[[], None]) -> None:
        self._connection = connection
        self._outbox = Outbox(room)
        self._opened = opened
        self._is_open = False
        self._reconnect = False
        self._welcome: asyncio.TimerHandle | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._backoff = Backoff(random.Random())  # noqa: S311 - jitter guards nothing
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, sending: Sending) -> None:
        """Take a frame, to be sent by `flush`. Raises QueueFullError."""
        self._outbox.add(sending)
        self._look_later()

    def drop(self, sending: Sending) -> None:
        """Forget a frame: it is not sent again."""
        self._outbox.drop(sending)

    async def flush(self) -> None:
        """Send what can be sent now. A frame is in the connection before this waits, so that all keep their order."""
        outbox, ws = self._outbox, self._connection.ws
        # Of a connection that breaks meanwhile `closed` tells.
        with suppress(aiohttp.ClientError, OSError):
            while outbox.has_unsent and self._is_open and self._resting is None and ws is self._connection.ws:
                text = outbox.next()
                if ws is None or text is None:
                    break
                await ws.send_frame(text, aiohttp.WSMsgType.TEXT)

    def flush_soon(self) -> None:
        """Send it from a task of its own: who reads the answers must not wait until the gateway takes frames."""
        self._spawn(self.flush())

    def say(self, frame: frames.Show) -> None:
        """Send a frame now whose answer matters to nobody."""
        self._spawn(self._say(frames.encode(frame)))

    def shown(self) -> None:
        """Note a snapshot, after the first of which on a connection the gateway says who it is."""
        if not self._is_open and self._welcome is None:
            self._welcome = asyncio.get_running_loop().call_later(WELCOME_S, self.welcomed, None)

    def welcomed(self, edge: str | None) -> None:
        """Begin on a new connection, to the gateway of this name."""
        self._forget_welcome()
        if self._is_open:
            if edge is not None:
                self._outbox.named(edge)
            return
        self._outbox.connected(edge)
        self._is_open, self._reconnect = True, False
        self.flush_soon()
        self._opened()

    def closed(self) -> None:
        """Send nothing until there is another connection."""
        self._forget_welcome()
        self._is_open = False

    def answered(self, frame_id: int | None) -> Sending | None:
        """Return whose answer this is, if anybody waits for it."""
        sending = None if frame_id is None else self._outbox.answered(frame_id)
        if self._outbox.has_unsent and self._is_open:
            self.flush_soon()
        return sending

    def satisfied(self) -> None:
        """Note that the gateway has said yes to a frame."""
        self._backoff.reset()

    def put_off(self, sending: Sending, problem: ProblemError, *, maybe_taken: bool) -> None:
        """Send a frame again to which the gateway has said no for now, and until then nothing else either."""
        self._outbox.again(sending, maybe_taken)
        self._rest(problem)

    def put_back(self, sending: Sending, problem: ProblemError) -> None:
        """Keep a frame that was sent before, and may have been taken then, if the gateway did not even look.

        It keeps its place, so it goes out before everything else on another connection.
        """
        self._outbox.keep(sending)
        self._reconnect = True
        self._rest(problem)

    async def drained(self, patience_s: float) -> None:
        """Return when everything is answered, or patience ends."""
        waiting = [each.answer for each in self._outbox]
        if waiting and patience_s > 0:
            await asyncio.wait(waiting, timeout=patience_s)

    def end(self, give_up: Callable[[Sending], None]) -> None:
        """Stop, and call `give_up` for everything that is not answered."""
        self.closed()
        for timer in (self._looking, self._resting):
            if timer is not None:
                timer.cancel()
        for task in self._tasks:
            task.cancel()
        for sending in self._outbox.empty():
            give_up(sending)

    async def _say(self, text: bytes) -> None:
        if self._connection.ws is not None:
            with suppress(aiohttp.ClientError, OSError):
                await self._connection.ws.send_frame(text, aiohttp.WSMsgType.TEXT)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _forget_welcome(self) -> None:
        if self._welcome is not None:
            self._welcome.cancel()
            self._welcome = None

    def _rest(self, problem: ProblemError) -> None:
        self._look_later()
        if self._resting is not None:
            self._resting.cancel()
        wait_s = (problem.retry_after_s or 0) + self._backoff.next()
        self._resting = asyncio.get_running_loop().call_later(wait_s, self._rested)

    def _rested(self) -> None:
        self._resting = None
        if self._reconnect and self._is_open:
            self._connection.drop()
        else:
            self.flush_soon()

    def _look_later(self) -> None:
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def _look(self) -> None:
        self._looking = None
        now_s = time.perf_counter()
        self._outbox.expire_taps(now_s - TAPS_S)
        if self._is_open and self._outbox.overdue(now_s - ANSWER_S):
            self._connection.drop()
        if len(self._outbox):
            self._look_later()
