"""One request that a crowd makes, as it came: not checked yet, and not counted against any limit."""

import re

_PATH = re.compile(rb"/v1/streams/([A-Za-z0-9_-]{1,64})/(?:reactions|polls/([A-Za-z0-9_-]{1,64})/votes)")


class Call:
    """Taps, or, where there is a `poll_id`, a vote. `host` is whose address it came from, None for a Unix socket."""

    __slots__ = ("authorization", "body", "host", "poll_id", "stream_id")

    def __init__(self, stream_id: str, poll_id: str | None, host: str | None, authorization: str | None) -> None:
        self.stream_id = stream_id
        self.poll_id = poll_id
        self.host = host
        self.authorization = authorization
        self.body = b""


def ids_of(target: bytes) -> tuple[str, str | None] | None:
    """Return the ids of stream and poll in a request's target (RFC 9112, section 3.2), or None if it is another's."""
    found = _PATH.fullmatch(target)
    if found is None:
        return None
    stream_id, poll_id = found.groups()
    return stream_id.decode(), None if poll_id is None else poll_id.decode()
