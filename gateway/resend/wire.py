"""The way between gateways: Redis pub/sub, a channel for each of them, and one subscription at each.

Nothing is kept: who does not listen is not there. A connection that says nothing, not even to a ping, counts as lost.
"""

import asyncio
import time
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from gateway.tasks import end

log = structlog.get_logger(__name__)

_PING_S = 1.0
_SILENCE_S = 3.0
_BACKOFF_S = 0.25


class Wire:
    """Sends to other gateways, and hands `on_message` what comes for this one, `life`."""

    def __init__(self, redis: Redis, life: str, on_message: Callable[[bytes], None]) -> None:
        self._redis = redis
        self._channel = redis_keys.edge(life)
        self._on_message = on_message
        self._task: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()
        """Set while the subscription is up."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="resend-wire")

    async def close(self) -> None:
        await end(self._task)

    async def send(self, life: str, message: bytes) -> bool:
        """Return whether another gateway was there to take it. Raises RedisError or OSError without Redis."""
        return bool(await self._redis.publish(redis_keys.edge(life), message))

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if self.listening.is_set():
                    log.warning("gateways cannot ask this one", reason=type(error).__name__)
            finally:
                self.listening.clear()
            await asyncio.sleep(_BACKOFF_S)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(self._channel)
            heard_s = time.monotonic()
            while True:
                message = await subscription.get_message(timeout=_PING_S)
                if message is None:
                    if time.monotonic() - heard_s > _SILENCE_S:
                        raise TimeoutError
                    await subscription.ping()
                    continue
                heard_s = time.monotonic()
                if message["type"] == "subscribe":
                    self.listening.set()
                elif message["type"] == "message":
                    self._on_message(message["data"])
