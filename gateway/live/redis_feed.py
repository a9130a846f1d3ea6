"""What Redis says of all streams that this gateway watches, over one connection; of a cluster, over one to each master.

Pub/sub forgets who was away, so every subscription that Redis confirms, the first and each after a reconnection, is
reported: the reader of the state begins there.
"""

from collections.abc import Callable

import structlog

from contracts import redis_keys
from gateway import metrics
from gateway.redis_subscription import Listener
from gateway.sharded_subscription import subscription

log = structlog.get_logger(__name__)


class RedisFeed:
    """Follows streams. `on_message` gets a stream id and a message; `on_subscribed` a stream id."""

    def __init__(
        self, url: str, on_message: Callable[[str, bytes], None], on_subscribed: Callable[[str], None]
    ) -> None:
        self._subscription = subscription(url, Listener(self._take, self._confirmed, state=self._show))
        self._on_message = on_message
        self._on_subscribed = on_subscribed
        self._streams: dict[bytes, str] = {}

    @property
    def up(self) -> bool:
        """Whether Redis answers, of a cluster every master."""
        return self._subscription.up

    @property
    def partly_up(self) -> bool:
        """Whether Redis answers, of a cluster any master."""
        return self._subscription.partly_up

    def is_up_for(self, stream_id: str) -> bool:
        """Return whether the Redis that has a stream answers."""
        return self._subscription.is_up_for(redis_keys.live(stream_id).encode())

    def start(self) -> None:
        self._subscription.start()

    async def close(self) -> None:
        await self._subscription.close()

    def follow(self, stream_id: str) -> None:
        """Begin to receive a stream's messages."""
        channel = redis_keys.live(stream_id).encode()
        self._streams[channel] = stream_id
        self._subscription.follow(channel)

    def unfollow(self, stream_id: str) -> None:
        """Receive no more of a stream."""
        channel = redis_keys.live(stream_id).encode()
        if self._streams.pop(channel, None) is not None:
            self._subscription.unfollow(channel)

    def _take(self, channel: bytes, message: bytes) -> None:
        self._on_message(self._streams[channel], message)

    def _confirmed(self, channel: bytes) -> None:
        self._on_subscribed(self._streams[channel])

    def _show(self, up: bool, reason: str) -> None:
        metrics.REDIS_UP.set(up)
        if up:
            log.info("redis is up")
        else:
            log.warning("redis is not reachable", reason=reason)
