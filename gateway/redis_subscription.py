"""A subscription to Redis pub/sub: one connection for however many channels, opened again whenever it goes.

A connection that says nothing, not even to a ping, counts as lost.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from redis.asyncio import Connection, ConnectionPool
from redis.asyncio.cluster import ClusterParser
from redis.exceptions import MovedError, RedisError

from gateway.tasks import end

log = structlog.get_logger(__name__)

_PING_S = 1.0
_SILENCE_S = 3.0
_BACKOFF_S = 0.25


def _nothing(*_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told: `message` gets a channel and a message; `subscribed` a channel whenever Redis confirms it, the first
    time and after each reconnection; `lost` a channel of which nothing comes any more until it is confirmed again;
    `state` whether the connection is up, and what is wrong with it if it went down.
    """

    message: Callable[[bytes, bytes], None]
    subscribed: Callable[[bytes], None]
    lost: Callable[[bytes], None] = _nothing
    state: Callable[[bool, str], None] = _nothing


class RedisSubscription:
    """Follows channels of one server. Lives on the event loop."""

    _subscribe, _unsubscribe, _message = "SUBSCRIBE", "UNSUBSCRIBE", b"message"

    def __init__(self, url: str, listener: Listener) -> None:
        self._pool = ConnectionPool.from_url(url, socket_connect_timeout=1, parser_class=ClusterParser)
        self._listener = listener
        self._channels: set[bytes] = set()
        self._commands: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.up = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="redis-subscription")

    async def close(self) -> None:
        await end(self._task)

    @property
    def partly_up(self) -> bool:
        """The same, of one server."""
        return self.up

    def is_up_for(self, _channel: bytes) -> bool:
        """Return whether messages of a channel may be coming."""
        return self.up

    def follow(self, channel: bytes) -> None:
        """Begin to receive a channel's messages."""
        self._channels.add(channel)
        self._commands.put_nowait((self._subscribe, channel))

    def unfollow(self, channel: bytes) -> None:
        """Receive no more of a channel."""
        if channel in self._channels:
            self._channels.discard(channel)
            self._commands.put_nowait((self._unsubscribe, channel))

    async def _run(self) -> None:
        while True:
            connection: Connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
            reason = ""
            try:
                # The client's own bound ends with TCP; after that it waits for what Redis says to its greeting.
                async with asyncio.timeout(_SILENCE_S):
                    await connection.connect()  # type: ignore[no-untyped-call]
                self._commands = asyncio.Queue()
                for channel in self._channels:
                    self._commands.put_nowait((self._subscribe, channel))
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._write(connection))
                    tasks.create_task(self._read(connection))
            except* (RedisError, OSError, TimeoutError) as errors:
                reason = type(errors.exceptions[0]).__name__
            except* Exception as errors:
                # uvloop has a RuntimeError for a write after a reset. Whatever it is, nobody else would begin again.
                reason = type(errors.exceptions[0]).__name__
                log.exception("a subscription failed unexpectedly; it is opened again")
            finally:
                self._show(up=False, reason=reason)
                with suppress(Exception):
                    await connection.disconnect(nowait=True)
            await asyncio.sleep(_BACKOFF_S)

    async def _write(self, connection: Connection) -> None:
        while True:
            try:
                async with asyncio.timeout(_PING_S):
                    command, channel = await self._commands.get()
            except TimeoutError:
                await connection.send_command("PING")
            else:
                await connection.send_command(command, channel)

    async def _read(self, connection: Connection) -> None:
        # A ping at once: without any subscription, its answer is how the connection shows that it lives.
        await connection.send_command("PING")
        while True:
            async with asyncio.timeout(_SILENCE_S):
                try:
                    response = await connection.read_response(disconnect_on_error=False)
                except MovedError as moved:
                    self._moved(moved)
                    continue
            self._show(up=True)
            if isinstance(response, list):
                self._take(response)

    def _moved(self, moved: MovedError) -> None:
        """Redis has no channel that lies elsewhere: what says so is not the one Redis that was named."""
        raise moved

    def _take(self, response: list[bytes]) -> None:
        kind, channel = response[0], response[1]
        if channel not in self._channels:
            return
        if kind == self._message:
            self._listener.message(channel, response[2])
        elif kind == self._subscribe.lower().encode():
            self._listener.subscribed(channel)
        elif kind == self._unsubscribe.lower().encode():
            self._listener.lost(channel)

    def _show(self, *, up: bool, reason: str = "") -> None:
        if up == self.up:
            return
        self.up = up
        self._listener.state(up, reason)
        if not up:
            for channel in self._channels:
                self._listener.lost(channel)
