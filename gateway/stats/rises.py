"""How a number that only grows has grown, second by second."""

SECONDS = 60
"""How far back it is remembered."""
RATE_SECONDS = 5
"""Over how many seconds a rate is the mean: long enough to be read, short enough to be now."""


class Rises:
    """The rises of one number in the last minute. What it was at first is no rise."""

    def __init__(self) -> None:
        self._known: int | None = None
        self._rises: dict[int, int] = {}

    def see(self, number: int, now_ms: int) -> None:
        """Note what the number is now."""
        rise = number - (number if self._known is None else self._known)
        if rise > 0:
            second = now_ms // 1000
            self._rises[second] = self._rises.get(second, 0) + rise
            if len(self._rises) > SECONDS + 1:
                del self._rises[next(iter(self._rises))]
        if rise >= 0:
            self._known = number

    def by_second(self, now_ms: int) -> list[int]:
        """Return the rises in each of the last whole seconds, the oldest first."""
        second = now_ms // 1000
        return [self._rises.get(each, 0) for each in range(second - SECONDS, second)]

    def per_second(self, now_ms: int) -> float:
        """Return the rise in a second, as the mean of the last few."""
        return sum(self.by_second(now_ms)[-RATE_SECONDS:]) / RATE_SECONDS
