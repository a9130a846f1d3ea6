"""The subscription to Redis pub/sub: one connection for all streams that this gateway watches.

Pub/sub forgets who was away, so every subscription that Redis confirms, the first and each after a reconnection, is
reported: the reader of the state begins there. A connection that says nothing, not even to a ping, counts as lost.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from redis.asyncio import Connection, ConnectionPool
from redis.exceptions import RedisError

from contracts import redis_keys
from gateway import metrics
from gateway.tasks import end

log = structlog.get_logger(__name__)

_PING_S = 1.0
_SILENCE_S = 3.0
_BACKOFF_S = 0.25


class RedisFeed:
    """Follows streams. `on_message` gets a stream id and a message; `on_subscribed` a stream id."""

    def __init__(
        self, url: str, on_message: Callable[[str, bytes], None], on_subscribed: Callable[[str], None]
    ) -> None:
        self._pool = ConnectionPool.from_url(url, socket_connect_timeout=1)
        self._on_message = on_message
        self._on_subscribed = on_subscribed
        self._streams: dict[bytes, str] = {}
        self._commands: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.up = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="redis-feed")

    async def close(self) -> None:
        await end(self._task)

    def follow(self, stream_id: str) -> None:
        """Begin to receive a stream's messages."""
        channel = redis_keys.live(stream_id).encode()
        self._streams[channel] = stream_id
        self._commands.put_nowait(("SUBSCRIBE", channel))

    def unfollow(self, stream_id: str) -> None:
        """Receive no more of a stream."""
        channel = redis_keys.live(stream_id).encode()
        if self._streams.pop(channel, None) is not None:
            self._commands.put_nowait(("UNSUBSCRIBE", channel))

    async def _run(self) -> None:
        while True:
            connection: Connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
            try:
                await connection.connect()  # type: ignore[no-untyped-call]
                self._commands = asyncio.Queue()
                for channel in self._streams:
                    self._commands.put_nowait(("SUBSCRIBE", channel))
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._write(connection))
                    tasks.create_task(self._read(connection))
            except* (RedisError, OSError, TimeoutError) as errors:
                if self.up:
                    log.warning("redis is not reachable", reason=type(errors.exceptions[0]).__name__)
            finally:
                self._show(up=False)
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
        stream_id = self._streams.get(response[1])
        if stream_id is None:
            return
        if response[0] == b"message":
            self._on_message(stream_id, response[2])
        elif response[0] == b"subscribe":
            self._on_subscribed(stream_id)

    def _show(self, *, up: bool) -> None:
        if up != self.up:
            log.info("redis is up" if up else "redis is down")
        self.up = up
        metrics.REDIS_UP.set(up)
