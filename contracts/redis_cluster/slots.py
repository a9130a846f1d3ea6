"""Which master of a cluster has which slot, and which key a command is about."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot

from contracts.redis_cluster.urls import Address

ASK_SLOTS = "CLUSTER SLOTS"
TRIES = 6
"""Of a command whose slot moves just now. Who tries in vain is told TRYAGAIN."""
TRY_AGAIN_S = 0.05
_WITHOUT_KEY = frozenset({"SCRIPT LOAD", "PING", "TIME"})
_SCRIPTS = frozenset({"EVAL", "EVALSHA"})


class Slots:
    """Where every slot is. `answer` is what the node at `asked` says to `CLUSTER SLOTS`; replicas are left out."""

    def __init__(self, answer: Iterable[Sequence[Any]], asked: Address) -> None:
        self._owners: list[Address | None] = [None] * REDIS_CLUSTER_HASH_SLOTS
        for first, last, (host, port, *_), *_ in answer:
            # A node may not know by which name it was reached, and says nothing of it, or that it does not know.
            name = host.decode() if isinstance(host, bytes) else host
            owner = (asked[0] if name in (None, "", "?") else name, int(port))
            self._owners[first : last + 1] = [owner] * (last + 1 - first)

    def of(self, key: str | bytes) -> Address | None:
        """Return the master that has a key or a channel, or None while none has its slot."""
        return self._owners[slot_of(key)]

    def masters(self) -> list[Address]:
        """Return all masters that have slots."""
        return sorted({owner for owner in self._owners if owner is not None})

    def moved(self, slot: int, owner: Address) -> None:
        """Take a master's word that another one has a slot now."""
        self._owners[slot] = owner

    def lacking(self) -> int:
        """Return how many slots no master has."""
        return self._owners.count(None)


def slot_of(key: str | bytes) -> int:
    """Return the slot of a key or a channel, from its hash tag if it has one."""
    return int(key_slot(key.encode() if isinstance(key, str) else key))


def key_of(words: Sequence[Any]) -> str | bytes | None:
    """Return the first key, or the channel, of a command; None if it is about the whole Redis.

    All keys of a command, or of a script's call, must be of one slot; a master refuses what is not.
    """
    name = str(words[0]).upper()
    if name in _SCRIPTS:
        return words[3] if int(words[2]) else None
    return None if name in _WITHOUT_KEY else words[1]


def key_there(name: str, holds: Callable[[str], bool]) -> str:
    """Return a key that begins with `name` and lies where `holds` says. With the same slots, all find the same."""
    return next(key for number in count() if holds(key := f"{name}:{{{number}}}"))
