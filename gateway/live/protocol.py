"""uvicorn's WebSocket protocol, as a wire: a socket that was handed over has no task, and frames do not wait."""

import asyncio
from collections import deque
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from websockets.frames import CloseCode
from websockets.server import ServerProtocol

from gateway import problems
from gateway.live.closing import close_for
from gateway.live.framing import Framing
from gateway.live.wire import CLOSE_S, WIRE, Taker, Wire

_INVALID_DATA = 1007


class _NobodyReads(asyncio.Queue[Any]):
    """Where uvicorn tells an application what has happened, once there is none."""

    def put_nowait(self, item: Any) -> None:
        """Forget it: the taker is told."""


class _Frames(ServerProtocol):
    """Says in the gateway's own words that a frame is too large."""

    def fail(self, code: CloseCode | int, reason: str = "") -> None:
        """End the connection because of what came."""
        if code == CloseCode.MESSAGE_TOO_BIG:
            code, reason = close_for(problems.TOO_LARGE)
        super().fail(code, reason)


class SocketProtocol(Wire, Framing):
    """Puts itself into the ASGI scope's extensions."""

    _is_handed_over = False
    _held: deque[str | bytes] | None = None
    """Messages that came while none were to be read; None while they go on at once."""
    _together: list[bytes] | None = None
    """What is written in answer to what came at once; None while bytes are written one by one."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self.conn = _Frames(max_size=self.config.ws_max_size, logger=self.conn.logger)

    async def run_asgi(self) -> None:
        """Run the application, and leave the connection open if it was handed over."""
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[WIRE] = self
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("the application failed")
            self.send_500_response()
            self.transport.close()
        if not self._is_handed_over and self.close_timer is None:
            self.transport.close()

    def hand_to(self, taker: Taker) -> None:
        """As above. Messages that came early wait for `resume_reading`."""
        self._held = deque()
        while not self.queue.empty():
            message: Any = self.queue.get_nowait()
            if message["type"] == "websocket.receive":
                self._held.append(message["bytes"] if message.get("text") is None else message["text"])
        self._is_handed_over = True
        # An idle socket shall cost little, and nobody looks at these any more.
        self.queue = _NOBODY_READS
        self.scope = self.request = self.response = None  # type: ignore[assignment]
        super().hand_to(taker)

    def data_received(self, data: bytes) -> None:
        """Called by the transport."""
        self._together = []
        try:
            super().data_received(data)
        finally:
            self._write_together()

    def leave_to_library(self, data: bytes) -> None:
        """As above. It writes by itself."""
        self._write_together()
        super().leave_to_library(data)

    def takes_texts(self) -> bool:
        """As above."""
        return self._is_handed_over

    def send_receive_event_to_app(self) -> None:
        """Give the taker a whole message, or the application while there is one."""
        if not self._is_handed_over:
            super().send_receive_event_to_app()
            return
        data = b"".join(self.frames)
        self.frames.clear()
        self.took(data, is_text=self.curr_msg_data_type == "text")

    def took(self, data: bytes, *, is_text: bool) -> None:
        """As above: it is for the taker."""
        if self.close_sent or self.taker is None:
            return
        try:
            message = data.decode() if is_text else data
        except UnicodeDecodeError:
            self._write_together()
            self.conn.send_close(_INVALID_DATA)
            self.handle_parser_exception()
            return
        if self._held is None:
            self.taker.took(message)
        else:
            self._held.append(message)

    def write(self, data: bytes) -> None:
        """As above, but in answer to what came at once, everything at once."""
        if self._together is None:
            super().write(data)
        else:
            self._together.append(data)

    def pause_reading(self) -> None:
        """As above. At most what was read from the connection at once is held."""
        if self._held is None:
            self._held = deque()
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """As above."""
        held, self._held = self._held, None
        while held and self._held is None and not self.close_sent and self.taker is not None:
            self.taker.took(held.popleft())
        if self._held is not None:
            self._held.extend(held or ())
        elif not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def close(self, code: int, reason: str) -> None:
        """Close with a close frame (RFC 6455, section 7)."""
        self._write_together()
        if self.close_sent or self.transport.is_closing():
            return
        self.stop_keepalive()
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        # The frame stands behind what a slow peer does not take, so it may never get out.
        self.close_timer = self.loop.call_later(CLOSE_S, self.abort)
        self._held = None
        self.transport.resume_reading()

    def _write_together(self) -> None:
        together, self._together = self._together, None
        if together:
            super().write(together[0] if len(together) == 1 else b"".join(together))


_NOBODY_READS = _NobodyReads()
