"""The masters of a cluster as a program on an event loop knows them: where each slot is, and a client for each."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.cluster import ClusterParser
from redis.exceptions import ClusterDownError, RedisError
from redis.exceptions import ConnectionError as NoConnectionError

from contracts.redis_cluster.slots import ASK_SLOTS, Slots, slot_of
from contracts.redis_cluster.urls import Address, addresses, url_of

_REST_S = 0.5
"""How often it is asked at most where slots are, while commands fail."""


class Masters:
    """`pool` makes the connections to a node from its URL. Nothing is asked before the first command."""

    def __init__(self, url: str, pool: Callable[..., ConnectionPool]) -> None:
        self._url = url
        self._pool = pool
        self._slots: Slots | None = None
        self._clients: dict[Address, Redis] = {}
        self._asking: asyncio.Task[Slots] | None = None
        self._asked_at = float("-inf")
        self.seed_pool = self._pool_of(addresses(url)[0])
        """Connects to nobody: the client of a cluster is one of redis-py's, which must have some pool."""

    def at(self, address: Address) -> Redis:
        """Return the client of a node."""
        if address not in self._clients:
            self._clients[address] = Redis.from_pool(self._pool_of(address))
        return self._clients[address]

    async def of(self, key: str | bytes) -> Redis:
        """Return the client of the master that has a key. Raises ConnectionError or ClusterDownError."""
        slots = self._slots or await self.ask()
        address = slots.of(key)
        if address is None:
            self.doubt()
            raise ClusterDownError(f"no master has slot {slot_of(key)}")  # type: ignore[no-untyped-call]
        return self.at(address)

    def known(self, key: str | bytes) -> Address | None:
        """Return which master has a key, None before any has been asked."""
        return None if self._slots is None else self._slots.of(key)

    async def all(self) -> list[Redis]:
        """Return the clients of all masters, also of one that has no slot yet but was named."""
        slots = self._slots or await self.ask()
        return [self.at(address) for address in {*slots.masters(), *self._clients}]

    def moved(self, slot: int, owner: Address) -> None:
        """Take it that a slot is elsewhere now, and ask where the others are."""
        if self._slots is not None:
            self._slots.moved(slot, owner)
        self.doubt()

    def doubt(self) -> None:
        """Ask where slots are, soon; meanwhile what was known is good."""
        if self._asking is None and asyncio.get_running_loop().time() - self._asked_at >= _REST_S:
            self._begin()

    async def ask(self, first: Address | None = None) -> Slots:
        """Ask the nodes, `first` of all this one, where slots are. Raises ConnectionError when none answers."""
        if first is not None or self._asking is None:
            return await asyncio.shield(self._begin(first))
        return await asyncio.shield(self._asking)

    async def close(self) -> None:
        """Close every connection."""
        if self._asking is not None:
            self._asking.cancel()
        for client in self._clients.values():
            with suppress(RedisError, OSError):
                await client.aclose()

    def _begin(self, first: Address | None = None) -> "asyncio.Task[Slots]":
        self._asking = task = asyncio.create_task(self._ask(first))
        task.add_done_callback(self._end)
        return task

    def _end(self, task: "asyncio.Task[Slots]") -> None:
        if self._asking is task:
            self._asking = None
        # Nobody may be waiting to be told.
        if not task.cancelled():
            task.exception()

    async def _ask(self, first: Address | None) -> Slots:
        self._asked_at = asyncio.get_running_loop().time()
        known = self._slots.masters() if self._slots is not None else []
        random.shuffle(known)
        reason = ""
        for address in dict.fromkeys([*([] if first is None else [first]), *known, *addresses(self._url)]):
            try:
                answer: Any = await self.at(address).execute_command(ASK_SLOTS)  # type: ignore[no-untyped-call]
            except (RedisError, OSError) as error:
                reason = str(error) or type(error).__name__
                continue
            # A node that has lost its memory of the cluster knows nobody.
            if answer:
                self._slots = Slots(answer, address)
                await self._forget_others(self._slots)
                return self._slots
        raise NoConnectionError(f"no node of the cluster says where slots are: {reason or 'they have none'}")

    async def _forget_others(self, slots: Slots) -> None:
        for address in self._clients.keys() - {*slots.masters(), *addresses(self._url)}:
            with suppress(RedisError, OSError):
                await self._clients.pop(address).connection_pool.disconnect(inuse_connections=False)

    def _pool_of(self, address: Address) -> ConnectionPool:
        return self._pool(url_of(self._url, address), parser_class=ClusterParser)
