"""A subscription to a cluster's sharded pub/sub: a connection to each master, and every channel followed where it lies.

Where that is changes when slots move, or when another master takes over. A master that loses a slot says so to who
follows a channel of it (`sunsubscribe`), and to who asks for one (`MOVED`); and now and then all are asked.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog
from redis.asyncio import ConnectionPool
from redis.exceptions import MovedError, RedisError

from contracts.redis_cluster.aio_masters import Masters
from contracts.redis_cluster.slots import Slots, slot_of
from contracts.redis_cluster.urls import Address, is_cluster, url_of
from gateway.redis_subscription import Listener, RedisSubscription
from gateway.tasks import end

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 2.0
_REST_S = 0.1
"""Between two looks, while masters do not agree yet."""
_TIMEOUT_S = 1.0


class OfMaster(RedisSubscription):
    """Follows channels of one master. `moved` is told of a slot that is elsewhere."""

    _subscribe, _unsubscribe, _message = "SSUBSCRIBE", "SUNSUBSCRIBE", b"smessage"

    def __init__(self, url: str, listener: Listener, moved: Callable[[int], None]) -> None:
        super().__init__(url, listener)
        self._slot_moved = moved

    def _moved(self, moved: MovedError) -> None:
        self._slot_moved(moved.slot_id)


class ShardedSubscription:
    """Follows channels of all masters. It is up while every master's connection is."""

    def __init__(self, url: str, listener: Listener) -> None:
        self._url = url
        self._listener = listener
        pool = partial(ConnectionPool.from_url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S)
        self._masters = Masters(url, pool)
        self._followed: dict[bytes, Address | None] = {}
        """Each channel, and the master where it is followed; None while none is known to have it."""
        self._of_master: dict[Address, OfMaster] = {}
        self._doubted: set[tuple[int, Address]] = set()
        """Slots that a master has not, as it said, and that master."""
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self.up = False

    @property
    def partly_up(self) -> bool:
        """Whether any master's connection is up."""
        return any(each.up for each in self._of_master.values())

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sharded-subscription")

    async def close(self) -> None:
        await end(self._task)
        await asyncio.gather(*self._closing, *(each.close() for each in self._of_master.values()))
        await self._masters.close()

    def is_up_for(self, channel: bytes) -> bool:
        """Return whether messages of a channel may be coming."""
        address = self._followed.get(channel)
        return address in self._of_master and self._of_master[address].up

    def follow(self, channel: bytes) -> None:
        """Begin to receive a channel's messages."""
        address = self._followed[channel] = self._masters.known(channel)
        if address in self._of_master:
            self._of_master[address].follow(channel)
        else:
            self._wake.set()

    def unfollow(self, channel: bytes) -> None:
        """Receive no more of a channel."""
        address = self._followed.pop(channel, None)
        if address in self._of_master:
            self._of_master[address].unfollow(channel)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            doubted = set(self._doubted)
            first = next((address for _, address in doubted), None)
            try:
                self._place(await self._masters.ask(first), doubted)
                self._doubted -= doubted
            except (RedisError, OSError):
                pass
            except Exception:
                # As in a subscription to one: nobody else would ask again.
                log.exception("masters could not be asked; they are asked again")
            await asyncio.sleep(_REST_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._wake.wait()

    def _place(self, slots: Slots, doubted: set[tuple[int, Address]]) -> None:
        """Follow every channel where it lies by now, and anew where its master said `doubted` before it was asked."""
        masters = slots.masters()
        for address in masters:
            if address not in self._of_master:
                self._of_master[address] = self._open(address)
        for channel, before in list(self._followed.items()):
            now = slots.of(channel)
            if now is None or (now == before and (slot_of(channel), now) not in doubted):
                continue
            if before in self._of_master:
                self._of_master[before].unfollow(channel)
            self._followed[channel] = now
            self._of_master[now].follow(channel)
        for address in self._of_master.keys() - set(masters):
            task = asyncio.create_task(self._of_master.pop(address).close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self._show(self.up, "")

    def _open(self, address: Address) -> OfMaster:
        def show(up: bool, reason: str) -> None:
            self._show(up, f"{reason} at {address[0]}:{address[1]}")

        def moved(slot: int) -> None:
            self._doubted.add((slot, address))
            self._wake.set()

        def lost(channel: bytes) -> None:
            if address in self._of_master and self._of_master[address].up:
                moved(slot_of(channel))
            self._listener.lost(channel)

        opened = OfMaster(url_of(self._url, address), replace(self._listener, lost=lost, state=show), moved)
        opened.start()
        return opened

    def _show(self, _up: bool, reason: str) -> None:
        up = bool(self._of_master) and all(each.up for each in self._of_master.values())
        if up != self.up:
            self.up = up
            self._listener.state(up, reason)


def subscription(url: str, listener: Listener) -> RedisSubscription | ShardedSubscription:
    """Return a subscription to the Redis at `url`, one or a cluster."""
    return ShardedSubscription(url, listener) if is_cluster(url) else RedisSubscription(url, listener)
