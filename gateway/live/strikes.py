"""How often something may be refused on one socket before the socket is closed."""

import time


class Strikes:
    """Counts at most `most` in `within_s` seconds."""

    __slots__ = ("_count", "_most", "_since_s", "_within_s")

    def __init__(self, most: int, within_s: float) -> None:
        self._most = most
        self._within_s = within_s
        self._count = 0
        self._since_s = float("-inf")

    def strike(self) -> bool:
        """Count one more; return whether that is one too many."""
        now_s = time.monotonic()
        if now_s - self._since_s > self._within_s:
            self._since_s, self._count = now_s, 0
        self._count += 1
        return self._count > self._most
