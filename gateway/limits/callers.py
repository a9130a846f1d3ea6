"""Where a limit remembers its callers: in memory, and of bounded size whatever the crowd."""

from throttled.store import BaseMemoryStoreBackend
from throttled.types import KeyT, StoreValueT


class Callers(BaseMemoryStoreBackend):
    """Keeps what `throttled`'s GCRA writes of each caller, in two generations of at most `most` callers.

    When the young generation is full, the old one is forgotten. Who is forgotten starts with a full burst again; as a
    caller that was silent for the burst's seconds has one anyway, a limit is exact while fewer than `most` others come
    in that time. It costs a fraction of the library's own store, which keeps callers in order and asks for the time.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._young: dict[KeyT, StoreValueT] = {}
        self._old: dict[KeyT, StoreValueT] = {}

    def get(self, key: KeyT) -> StoreValueT | None:
        value = self._young.get(key)
        return self._old.get(key) if value is None else value

    def set(self, key: KeyT, value: StoreValueT, timeout: int) -> None:
        """Keep a value. The `timeout` needs no clock: a time that has passed limits nobody."""
        if len(self._young) >= self._most and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
