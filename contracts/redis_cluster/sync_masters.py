"""The masters of a cluster as a program without an event loop knows them: where each slot is, and a client for each."""

import random
from typing import Any

from redis import ConnectionPool, Redis
from redis.cluster import ClusterParser
from redis.exceptions import ClusterDownError, RedisError
from redis.exceptions import ConnectionError as NoConnectionError

from contracts.redis_cluster.slots import ASK_SLOTS, Slots, slot_of
from contracts.redis_cluster.urls import Address, addresses, url_of


class Masters:
    """Nothing is asked before the first command. For one thread."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self._url = url
        self._options = options
        self._slots: Slots | None = None
        self._is_sure = False
        self._clients: dict[Address, Redis] = {}
        self.seed_pool = self._pool_of(addresses(url)[0])
        """Connects to nobody: the client of a cluster is one of redis-py's, which must have some pool."""

    def at(self, address: Address) -> Redis:
        """Return the client of a node."""
        if address not in self._clients:
            self._clients[address] = Redis.from_pool(self._pool_of(address))
        return self._clients[address]

    def of(self, key: str | bytes) -> Redis:
        """Return the client of the master that has a key. Raises ConnectionError or ClusterDownError."""
        slots = self._known()
        address = slots.of(key)
        if address is None:
            self.doubt()
            raise ClusterDownError(f"no master has slot {slot_of(key)}")  # type: ignore[no-untyped-call]
        return self.at(address)

    def all(self) -> list[Redis]:
        """Return the clients of all masters, also of one that has no slot yet but was named."""
        return [self.at(address) for address in {*self._known().masters(), *self._clients}]

    def moved(self, slot: int, owner: Address) -> None:
        """Take it that a slot is elsewhere now, and ask where the others are."""
        if self._slots is not None:
            self._slots.moved(slot, owner)

    def doubt(self) -> None:
        """Ask where slots are before the next command."""
        self._is_sure = False

    def ask(self) -> Slots:
        """Ask the nodes where slots are. Raises ConnectionError when none answers."""
        known = self._slots.masters() if self._slots is not None else []
        random.shuffle(known)
        reason = ""
        for address in dict.fromkeys([*known, *addresses(self._url)]):
            try:
                answer: Any = self.at(address).execute_command(ASK_SLOTS)  # type: ignore[no-untyped-call]
            except (RedisError, OSError) as error:
                reason = str(error) or type(error).__name__
                continue
            # A node that has lost its memory of the cluster knows nobody.
            if answer:
                self._slots, self._is_sure = Slots(answer, address), True
                return self._slots
        raise NoConnectionError(f"no node of the cluster says where slots are: {reason or 'they have none'}")

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()

    def _known(self) -> Slots:
        return self._slots if self._slots is not None and self._is_sure else self.ask()

    def _pool_of(self, address: Address) -> ConnectionPool:
        return ConnectionPool.from_url(url_of(self._url, address), parser_class=ClusterParser, **self._options)
