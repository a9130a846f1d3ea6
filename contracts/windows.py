"""The tumbling window of reactions: plain arithmetic on the gateway's event time, so no clock but that one matters."""

WINDOW_MS = 1_000
"""Length of a window in milliseconds."""
MINUTE_MS = 60_000
HOUR_MS = 3_600_000


def window_start(at_ms: int) -> int:
    """Return the start, in epoch milliseconds, of the window that holds `at_ms`."""
    return at_ms - at_ms % WINDOW_MS
