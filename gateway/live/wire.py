"""A connection of the server's to which the application writes straight: no task, no queue and no copy in between.

The application finds it in the ASGI scope's extensions, under `WIRE`. From `hand_to` on, the connection is its taker's,
and ASGI's own `receive` and `send` are over.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Any, Protocol

from starlette.types import Scope

WIRE = "ovation.wire"

CLOSE_S = 1.0
"""How long a peer may take to answer a close frame, or to take the last of an event stream, before it is cut."""
_UNSENT_BYTES = 16_384
"""What the kernel may hold unsent: what lies there is old by the time a slow peer takes it, and cannot be replaced."""
_GIVE_UP_MS = 30_000
"""How long the kernel may offer what a peer does not take, once the connection was cut; else it does for minutes."""


class Taker(Protocol):
    """What holds a connection. All calls come from the event loop."""

    def took(self, frame: str | bytes) -> None:
        """Take a message that came."""

    def paused(self) -> None:
        """Learn that the peer is behind: nothing shall be written for now."""

    def resumed(self) -> None:
        """Learn that everything written has gone out."""

    def stopped(self) -> None:
        """Learn that the gateway stops."""

    def lost(self) -> None:
        """Learn that the connection is no more. It is the last call."""


class Wire(asyncio.Protocol):
    """Mixed into uvicorn's protocols."""

    transport: asyncio.Transport
    taker: Taker | None = None

    def hand_to(self, taker: Taker) -> None:
        """Let `taker` have the connection from here on."""
        self.taker = taker
        with suppress(OSError, AttributeError):  # It is no TCP, or this is not Linux.
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        # Whatever the kernel does not take at once is reason to hold back.
        self.transport.set_write_buffer_limits(high=0)

    def write(self, data: bytes) -> None:
        """Write bytes, unless the connection is being closed. Who is `paused` writes nothing."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def waiting_bytes(self) -> int:
        """Return how much was written that the kernel has not taken."""
        return self.transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Take no more messages until `resume_reading`."""
        raise NotImplementedError

    def resume_reading(self) -> None:
        """Take messages, those first that came meanwhile."""
        raise NotImplementedError

    def close(self, code: int, reason: str) -> None:
        """End the connection in order; where that takes longer than `CLOSE_S`, cut it."""
        raise NotImplementedError

    def abort(self) -> None:
        """Cut the connection. What the kernel holds, the peer may still take for a while."""
        with suppress(OSError, AttributeError, ValueError):  # As above, or it is gone by itself.
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GIVE_UP_MS)
        self.transport.abort()

    def pause_writing(self) -> None:
        """Called by the transport."""
        super().pause_writing()
        if self.taker is not None:
            self.taker.paused()

    def resume_writing(self) -> None:
        """Called by the transport."""
        super().resume_writing()
        if self.taker is not None:
            self.taker.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the transport."""
        super().connection_lost(exc)
        taker, self.taker = self.taker, None
        if taker is not None:
            taker.lost()

    def shutdown(self) -> None:
        """Called by the server when it stops."""
        if self.taker is None:
            leave_to_uvicorn: Any = super()
            leave_to_uvicorn.shutdown()
        else:
            self.taker.stopped()


def wire_of(scope: Scope) -> Wire:
    """Return the connection that a request or handshake came by."""
    wire: Wire = scope["extensions"][WIRE]
    return wire
