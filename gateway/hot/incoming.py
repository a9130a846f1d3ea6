"""How long a request may be on its way, and how large its head may become: uvicorn bounds neither.

A request that comes at once, as a crowd's do, costs two comparisons; only one that comes in pieces has a timer.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway import problems
from gateway.hot.exchange import Exchange
from gateway.problems import Problem
from gateway.refusal import Refused

MAX_HEAD_BYTES = 32_768
"""Request line and headers together: a token of 4,096 characters and a browser's cookies fit several times."""
SLOW_REQUEST_S = 10.0


def _nothing() -> None:
    pass


class Incoming(HttpToolsProtocol):
    """Mixed in below a protocol that calls `_begins`, `_has_head` and `_is_whole` as the parser tells it.

    A request that is not whole `slow_s` seconds after its first piece is answered 408, one whose head does not end
    within `MAX_HEAD_BYTES` 431, and what is no HTTP 400, each as a problem; then the connection is closed.
    """

    _is_coming = False
    _is_in_head = False
    _head_bytes = 0
    _too_slow: asyncio.TimerHandle | None = None

    def __init__(self, *, slow_s: float = SLOW_REQUEST_S, **options: Any) -> None:
        super().__init__(**options)
        self._slow_s = slow_s

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the transport. Before the first request a connection may be as idle as between two."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the transport."""
        self._is_whole()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by the transport."""
        super().data_received(data)
        if not self._is_coming or self.transport.is_closing():
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._give_up(problems.LARGE_HEAD)
                return
        if self._too_slow is None:
            self._too_slow = self.loop.call_later(self._slow_s, self._is_too_slow)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in place of uvicorn's plain text."""
        self._give_up(problems.NOT_HTTP)

    def _begins(self) -> None:
        self._is_coming = self._is_in_head = True

    def _has_head(self) -> None:
        self._is_in_head = False

    def _is_whole(self) -> None:
        self._is_coming = False
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None
            self._head_bytes = 0

    def _has_cycle(self) -> bool:
        """Return whether `cycle` is that of the request that is coming, and not of one before it."""
        return not self._is_in_head

    def _is_too_slow(self) -> None:
        self._too_slow = None
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if self.pipeline or self.flow.read_paused or (is_answering and not self._has_cycle()):
            # It waits for the gateway: for the answers to those before it, or to be read.
            self._too_slow = self.loop.call_later(self._slow_s, self._is_too_slow)
        else:
            self._give_up(problems.SLOW_REQUEST)

    def _give_up(self, problem: Problem) -> None:
        """Answer, unless the request has an answer already, and close."""
        cycle = self.cycle if self._has_cycle() else None
        if cycle is not None and (cycle.response_complete or cycle.response_started):
            self.transport.close()
            return
        headers = self.headers or []
        exchange = Exchange(self.transport, self.server_state.default_headers, _nothing, headers, keep_alive=False)
        exchange.refuse(Refused(problem))
