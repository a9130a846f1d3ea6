"""One open socket: the picture goes out, taps and votes come in, and each of those is answered by its id.

Reading, writing and waiting for Kafka do not hold each other up: a vote waits on a task of its own, and everything that
goes out passes the mailbox. A socket that takes nothing for `slow_s` is closed with code 1013 (try again later).
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway import metrics, problems
from gateway.auth import Viewer
from gateway.clock import Clock
from gateway.live import frames
from gateway.live.hub import StreamHub
from gateway.live.mailbox import Mailbox
from gateway.reactions.tap_counter import TapCounter
from gateway.refusal import Refused
from gateway.votes.ballot_box import BallotBox

ABORT = "ovation.abort"
"""Name of the ASGI extension by which the server lets a connection be cut (gateway.live.protocol)."""

_VOTES_AT_ONCE = 16
_CLOSE_S = 1.0
_TRY_AGAIN_LATER = 1013


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a vote that Kafka has."""

    receipt: str


class Socket:
    """Runs one accepted socket until it closes."""

    def __init__(
        self, websocket: WebSocket, viewer: Viewer, taps: TapCounter, ballots: BallotBox, clock: Clock, slow_s: float
    ) -> None:
        self._websocket = websocket
        self._viewer = viewer
        self._taps = taps
        self._ballots = ballots
        self._clock = clock
        self._slow_s = slow_s
        self._mailbox = Mailbox()
        self._votes: set[asyncio.Task[None]] = set()
        self._others: set[asyncio.Task[None]] = set()

    async def run(self, hub: StreamHub) -> None:
        """Show the hub's picture and take frames until either side closes."""
        hub.join(self._mailbox)
        writer = self._spawn(self._write(), self._others)
        metrics.SOCKETS.inc()
        try:
            await self._read(writer)
        finally:
            metrics.SOCKETS.dec()
            hub.leave(self._mailbox)
            for task in [*self._votes, *self._others]:
                task.cancel()

    async def _read(self, writer: asyncio.Task[None]) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect" or writer.done():
                return
            raw = message.get("text")
            self._take(message["bytes"] if raw is None else raw)
            await self._mailbox.room()

    def _take(self, raw: str | bytes) -> None:
        try:
            frame = frames.read(raw)
        except Refused as refused:
            self._refuse(frames.read_id(raw), refused)
            return
        try:
            if self._viewer.expires_at * 1000 <= self._clock():
                raise Refused(problems.EXPIRED_TOKEN)
            if isinstance(frame, frames.React):
                counted = self._taps.tap(self._viewer, frame.counts)
                self._mailbox.answer(frames.ack(frame.id, counted))
            elif len(self._votes) >= _VOTES_AT_ONCE:
                raise Refused(problems.TOO_MUCH_WAITING)
            else:
                self._spawn(self._vote(frame), self._votes)
        except Refused as refused:
            self._refuse(frame.id, refused)

    async def _vote(self, frame: frames.Vote) -> None:
        try:
            receipt = await self._ballots.vote(self._viewer, frame.poll_id, frame.choices)
        except Refused as refused:
            self._refuse(frame.id, refused)
        else:
            self._mailbox.answer(frames.ack(frame.id, Receipt(receipt)))

    def _refuse(self, frame_id: frames.FrameId, refused: Refused) -> None:
        metrics.REFUSED.labels(refused.problem.name).inc()
        self._mailbox.answer(frames.error(frame_id, refused))

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(WebSocketDisconnect, RuntimeError):  # It closed while something was on its way out.
            while True:
                text = await self._mailbox.next()
                watchdog = loop.call_later(self._slow_s, self._give_up)
                try:
                    await self._websocket.send({"type": "websocket.send", "text": text})
                finally:
                    watchdog.cancel()

    def _give_up(self) -> None:
        metrics.SOCKETS_SLOW.inc()
        self._spawn(self._close(), self._others)

    async def _close(self) -> None:
        # The close frame stands behind what the client does not take, so it may never get out.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(_CLOSE_S):
                await self._websocket.close(_TRY_AGAIN_LATER, "too slow: messages were not taken in time")
                return
        abort: Callable[[], None] | None = self._websocket.scope["extensions"].get(ABORT)
        if abort is not None:
            abort()

    def _spawn(self, work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task
