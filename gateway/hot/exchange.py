"""The answer to one call, written to its connection. It stands where uvicorn keeps what an application is doing."""

import asyncio
from collections.abc import Callable
from functools import cached_property, lru_cache

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway import metrics
from gateway.refusal import MEDIA_TYPE, Refused
from gateway.request_id import HEADER, id_of

_NOBODY_WAITS = asyncio.Event()


@lru_cache(maxsize=16)
def _head(status: int, default: tuple[tuple[bytes, bytes], ...], lines: bytes, *, keep_alive: bool) -> bytes:
    """Return the head without its length. It is the same for all answers of one kind and second."""
    closing = b"" if keep_alive else b"connection: close\r\n"
    return b"".join([STATUS_LINE[status], *(b"%b: %b\r\n" % header for header in default), lines, closing])


class Exchange(RequestResponseCycle):
    """Answered once, by `answer` or `refuse`. The body has been read, and nothing more is."""

    def __init__(
        self,
        transport: asyncio.Transport,
        default_headers: list[tuple[bytes, bytes]],
        on_response: Callable[[], None],
        headers: list[tuple[bytes, bytes]],
        *,
        keep_alive: bool,
    ) -> None:
        # What uvicorn's protocol looks at; the rest is for an application, and there is none.
        self.transport = transport
        self.default_headers = default_headers
        self.on_response = on_response
        self._headers = headers
        self.keep_alive = keep_alive
        self.message_event = _NOBODY_WAITS
        self.disconnected = False
        self.response_complete = False

    @cached_property
    def request_id(self) -> str:
        """Of the call. It is read only where something went wrong: a tap pays for nothing that nobody looks at."""
        return id_of(self._headers)

    def answer(self, body: bytes) -> None:
        """Answer 202 with `body`, which is JSON."""
        self._write(202, b"content-type: application/json\r\n", body)

    def refuse(self, refused: Refused) -> None:
        """Answer with a problem."""
        metrics.REFUSED.labels(refused.problem.name).inc()
        headers = {"content-type": MEDIA_TYPE, **refused.headers(), HEADER: self.request_id}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._write(refused.problem.status, lines.encode("latin-1"), refused.body(self.request_id))

    def _write(self, status: int, lines: bytes, body: bytes) -> None:
        self.response_complete = True
        if self.disconnected or self.transport.is_closing():
            return
        head = _head(status, tuple(self.default_headers), lines, keep_alive=self.keep_alive)
        self.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body))
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
