"""Where a limit remembers its callers: in memory, and of bounded size whatever the crowd."""


class Callers:
    """Keeps a moment for each caller, in two generations of at most `most` callers.

    When the young generation is full, the old one is forgotten. Who is forgotten starts with a full burst again; as a
    caller that was silent for the burst's seconds has one anyway, a limit is exact while fewer than `most` others come
    in that time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[str, float] = {}
        self._old: dict[str, float] = {}

    def get(self, caller: str) -> float:
        """Return the caller's moment, or 0 where none is remembered."""
        moment = self._young.get(caller)
        return self._old.get(caller, 0.0) if moment is None else moment

    def set(self, caller: str, moment: float) -> None:
        """Keep a moment."""
        if len(self._young) >= self._most and caller not in self._young:
            self._old, self._young = self._young, {}
        self._young[caller] = moment

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
