"""What a question may cost ClickHouse. Every query carries its limits, so that none is a burden to all others."""

from collections.abc import Mapping

MAX_ROWS = 1_000_000
"""Rows of an answer that the gateway holds as a whole."""
_MAX_ROWS_TO_READ = 5_000_000_000
_MAX_MEMORY_BYTES = 2 * 1024**3
_PART_OF_THE_WAIT = 0.9
"""ClickHouse gives up a little before the gateway does, so that it can say why."""

EXCEEDED = frozenset({158, 159, 160, 241, 307, 396})
"""ClickHouse's codes of errors for a limit that was met: TOO_MANY_ROWS, TIMEOUT_EXCEEDED, TOO_SLOW,
MEMORY_LIMIT_EXCEEDED, TOO_MANY_BYTES, TOO_MANY_ROWS_OR_BYTES."""


def limits(seconds: float, max_rows: int | None = MAX_ROWS) -> Mapping[str, str]:
    """Return the settings of a question that somebody waits `seconds` for; None is any number of rows."""
    return {
        "readonly": "2",
        "max_execution_time": f"{seconds * _PART_OF_THE_WAIT:g}",
        "max_result_rows": str(max_rows or 0),
        "max_rows_to_read": str(_MAX_ROWS_TO_READ),
        "max_memory_usage": str(_MAX_MEMORY_BYTES),
        # What would be more is refused, and never cut.
        "result_overflow_mode": "throw",
        "read_overflow_mode": "throw",
        "timeout_overflow_mode": "throw",
        "cancel_http_readonly_queries_on_client_close": "1",
    }
