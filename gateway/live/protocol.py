"""uvicorn's WebSocket protocol, with one thing more: the application may cut a connection whose peer takes nothing.

Without it a closing connection waits for as long as its peer pleases, and keeps its buffer for as long.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from gateway.live.socket import ABORT


class SocketProtocol(WebSocketsSansIOProtocol):
    """Puts `transport.abort` into the ASGI scope's extensions."""

    async def run_asgi(self) -> None:
        extensions = self.scope["extensions"]
        assert extensions is not None
        extensions[ABORT] = self.transport.abort  # type: ignore[assignment]
        await super().run_asgi()
