"""How long a request may be on its way, and how large its head may become: uvicorn bounds neither.

A request that comes at once, as a crowd's do, costs two comparisons; only one that comes in pieces has a timer. That of
an idle connection is set once, and looks at the clock when it goes off: to set it anew with every answer, as uvicorn
does, took a tenth of a tap's time.
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
    _idle_since = 0.0

    def __init__(self, *, slow_s: float = SLOW_REQUEST_S, **options: Any) -> None:
        super().__init__(**options)
        self._slow_s = slow_s

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the transport. Before the first request a connection may be as idle as between two."""
        super().connection_made(transport)
        self._idle_since = self.loop.time()
        self._look_again(self.timeout_keep_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the transport."""
        self._is_whole()
        self._leave_idle()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Called when an answer has been written."""
        self._idle_since = self.loop.time()
        # Where there is no timer, or another request waits, it is uvicorn's to go on.
        if self.timeout_keep_alive_task is None or self.pipeline or self.transport.is_closing():
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1
            self.flow.resume_reading()

    def timeout_keep_alive_handler(self) -> None:
        """Called by the timer: close a connection that has been idle for so long."""
        self.timeout_keep_alive_task = None
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if self._is_coming or is_answering:
            return  # The answer sets the timer again.
        left_s = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left_s > 0:
            self._look_again(left_s)
        else:
            super().timeout_keep_alive_handler()

    def handle_websocket_upgrade(self) -> None:
        """Called when a request asks for a socket: the connection is another protocol's from here on."""
        self._leave_idle()
        super().handle_websocket_upgrade()

    def _unset_keepalive_if_required(self) -> None:
        """Called by uvicorn whenever the connection is not idle any more, which the timer sees for itself."""

    def _look_again(self, after_s: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(after_s, self.timeout_keep_alive_handler)

    def _leave_idle(self) -> None:
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

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
