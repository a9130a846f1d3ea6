"""When the history of a stream does not change any more, so that answers may be kept."""

from gateway.control.model import Stream

_SETTLED_MS = 3_600_000

_KEPT, _ASKED_FOR = "private, max-age=86400", "private, no-cache"


def is_settled(stream: Stream, now_ms: int) -> bool:
    """Return whether the stream has been over for an hour; whoever is late comes before that."""
    return stream.ended_at is not None and now_ms > stream.ended_at + _SETTLED_MS


def headers(is_settled: bool) -> dict[str, str]:
    """Return how long an answer may be kept: a day, or not without asking. None is for everybody."""
    return {"cache-control": _KEPT if is_settled else _ASKED_FOR, "vary": "Authorization"}
