"""A viewer's WebSocket that connects again by itself.

Frames are answered by their `id`. When the connection breaks, every frame that waits fails with `UnansweredError`, and
it is the caller's to know whether sending it again is safe: a vote is, taps are not.
"""

import asyncio
import random
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
import msgspec

from ovation.client import frames
from ovation.client.answers import Counted, decode
from ovation.client.backoff import Backoff
from ovation.client.errors import NotSentError, ProblemError, UnansweredError

T = TypeVar("T")
MessageListener = Callable[[str, str], None]
"""Called with the type of a message and its text."""

PING_S = 20.0
"""A peer that is silent for longer than this is asked, and then given up."""
CONNECT_S = 10.0
MAX_MESSAGE_BYTES = 1 << 20


class ViewerSocket:
    """One viewer on one stream. `run` keeps it connected; while it is not, nothing can be sent."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str, listener: MessageListener | None) -> None:
        self._session = session
        self._url = url
        self._token = token
        self._listener = listener
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._waiting: dict[int, asyncio.Future[str | None]] = {}
        self._last_id = 0
        self.connected = asyncio.Event()
        self.connections = 0
        """How often it was connected: one more than it reconnected."""

    async def run(self) -> None:
        """Stay connected until cancelled. Raises ProblemError when the gateway refuses the viewer, now or later,
        MalformedAnswerError when it sends what nobody can read, and what the listener raises.
        """
        backoff = Backoff(random.Random())  # noqa: S311 - jitter guards nothing
        while True:
            try:
                await self._connect_once(backoff)
            except aiohttp.WSServerHandshakeError as error:
                if error.status < HTTPStatus.INTERNAL_SERVER_ERROR and error.status != HTTPStatus.TOO_MANY_REQUESTS:
                    raise ProblemError(error.status, "socket-refused", error.message) from error
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(backoff.next())

    async def react(self, counts: dict[str, int]) -> Counted:
        """Send taps. Raises a CallError: `NotSentError` while there is no connection."""
        return await self._ask({"type": "react", "counts": counts}, frames.counted)

    async def vote(self, poll_id: str, choices: list[str]) -> str:
        """Vote and return the receipt. Raises a CallError: `NotSentError` while there is no connection."""
        return (await self._ask({"type": "vote", "poll_id": poll_id, "choices": choices}, frames.receipt)).receipt

    async def withdraw(self, poll_id: str) -> str:
        """Take a vote back and return the receipt of that. Fails as a vote does."""
        return (await self._ask({"type": "withdraw", "poll_id": poll_id}, frames.receipt)).receipt

    async def _connect_once(self, backoff: Backoff) -> None:
        async with asyncio.timeout(CONNECT_S):
            ws = await self._session.ws_connect(
                self._url,
                headers={"Authorization": f"Bearer {self._token}"},
                protocols=("ovation.v1",),
                heartbeat=PING_S,
                max_msg_size=MAX_MESSAGE_BYTES,
            )
        try:
            self._ws = ws
            self.connections += 1
            self.connected.set()
            async for message in ws:
                backoff.reset()
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._ws = None
            self.connected.clear()
            self._fail_waiting()
            await ws.close()

    async def _ask(self, frame: dict[str, Any], decoder: msgspec.json.Decoder[T | frames.Error]) -> T:
        ws = self._ws
        if ws is None or ws.closed:
            raise NotSentError("The socket is not connected.")
        self._last_id = frame_id = self._last_id + 1
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting[frame_id] = answered
        frame["id"] = frame_id
        try:
            await ws.send_str(msgspec.json.encode(frame).decode())
            text = await answered
        except (aiohttp.ClientError, OSError) as error:
            raise UnansweredError("The socket broke while a frame was sent.") from error
        finally:
            self._waiting.pop(frame_id, None)
        if text is None:
            raise UnansweredError("The socket closed before the answer.")
        answer = decode(text, decoder)
        if isinstance(answer, frames.Error):
            raise answer.as_problem()
        return answer

    def _take(self, text: str) -> None:
        message = decode(text, frames.envelope)
        if message.type not in ("ack", "error"):
            if self._listener is not None:
                self._listener(message.type, text)
            return
        waiting = self._waiting.get(message.id) if message.id is not None else None
        if waiting is not None and not waiting.done():
            waiting.set_result(text)

    def _fail_waiting(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)
