"""The way between gateways: Redis pub/sub, a channel for each of them. Who does not listen is not there."""

import asyncio
from collections.abc import Callable

from redis.asyncio import Redis

from contracts import redis_keys
from gateway.redis_subscription import Listener
from gateway.sharded_subscription import subscription


class Wire:
    """Sends to other gateways, and hands `on_message` what comes for this one, `life`."""

    def __init__(self, redis: Redis, redis_url: str, life: str, on_message: Callable[[bytes], None]) -> None:
        self._redis = redis
        self._on_message = on_message
        self._subscription = subscription(redis_url, Listener(self._take, self._confirmed, self._lost))
        self._subscription.follow(redis_keys.edge(life).encode())
        self.listening = asyncio.Event()
        """Set while messages come."""

    def start(self) -> None:
        self._subscription.start()

    async def close(self) -> None:
        await self._subscription.close()

    async def send(self, life: str, message: bytes) -> bool:
        """Return whether another gateway was there to take it. Raises RedisError or OSError without Redis."""
        return bool(await self._redis.publish(redis_keys.edge(life), message))

    def _take(self, _channel: bytes, message: bytes) -> None:
        self._on_message(message)

    def _confirmed(self, _channel: bytes) -> None:
        self.listening.set()

    def _lost(self, _channel: bytes) -> None:
        self.listening.clear()
