"""A subscription to Redis pub/sub: one connection for however many channels, opened again whenever it goes.

A connection that says nothing, not even to a ping, counts as lost.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from redis.asyncio import Connection, ConnectionPool
from redis.exceptions import RedisError

from gateway.tasks import end

_PING_S = 1.0
_SILENCE_S = 3.0
_BACKOFF_S = 0.25


class RedisSubscription:
    """Follows channels. Lives on the event loop.

    `on_message` gets a channel and a message; `on_subscribed` a channel whenever Redis confirms it, the first time and
    after each reconnection; `on_state` whether the connection is up, and what is wrong with it if it went down.
    """

    def __init__(
        self,
        url: str,
        on_message: Callable[[bytes, bytes], None],
        on_subscribed: Callable[[bytes], None],
        on_state: Callable[[bool, str], None],
    ) -> None:
        self._pool = ConnectionPool.from_url(url, socket_connect_timeout=1)
        self._on_message = on_message
        self._on_subscribed = on_subscribed
        self._on_state = on_state
        self._channels: set[bytes] = set()
        self._commands: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.up = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="redis-subscription")

    async def close(self) -> None:
        await end(self._task)

    def follow(self, channel: bytes) -> None:
        """Begin to receive a channel's messages."""
        self._channels.add(channel)
        self._commands.put_nowait(("SUBSCRIBE", channel))

    def unfollow(self, channel: bytes) -> None:
        """Receive no more of a channel."""
        if channel in self._channels:
            self._channels.discard(channel)
            self._commands.put_nowait(("UNSUBSCRIBE", channel))

    async def _run(self) -> None:
        while True:
            connection: Connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
            reason = ""
            try:
                await connection.connect()  # type: ignore[no-untyped-call]
                self._commands = asyncio.Queue()
                for channel in self._channels:
                    self._commands.put_nowait(("SUBSCRIBE", channel))
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._write(connection))
                    tasks.create_task(self._read(connection))
            except* (RedisError, OSError, TimeoutError) as errors:
                reason = type(errors.exceptions[0]).__name__
            finally:
                self._show(up=False, reason=reason)
                with suppress(RedisError, OSError):
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
                response = await connection.read_response(disconnect_on_error=False)
            self._show(up=True)
            if isinstance(response, list):
                self._take(response)

    def _take(self, response: list[bytes]) -> None:
        kind, channel = response[0], response[1]
        if channel not in self._channels:
            return
        if kind == b"message":
            self._on_message(channel, response[2])
        elif kind == b"subscribe":
            self._on_subscribed(channel)

    def _show(self, *, up: bool, reason: str = "") -> None:
        if up != self.up:
            self.up = up
            self._on_state(up, reason)
