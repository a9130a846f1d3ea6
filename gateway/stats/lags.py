"""How long taps took to the picture: a few hundred of the newest lags, and what they say together."""

from collections import deque

_MOST = 256
"""More than a window each second of the minute that is asked about."""
_SPAN_MS = 60_000


class Lags:
    """The lags of the last minute."""

    def __init__(self) -> None:
        self._lags: deque[tuple[int, int]] = deque(maxlen=_MOST)

    def add(self, lag_ms: int, now_ms: int) -> None:
        """Note a lag that was met now."""
        self._lags.append((now_ms, lag_ms))

    def percentiles(self, now_ms: int, *percents: int) -> list[int] | None:
        """Return the lags that so many in a hundred do not exceed; None when none was met in the last minute."""
        lags = sorted(lag_ms for at_ms, lag_ms in self._lags if now_ms - at_ms <= _SPAN_MS)
        if not lags:
            return None
        return [lags[max(0, -(-len(lags) * percent // 100) - 1)] for percent in percents]
