"""A stand-in for the gateway: it serves the real page with the real headers, and says what a test tells it to say."""

import asyncio
import base64
import json
import socket as sockets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from contracts import messages
from gateway import problems
from gateway.live.protocol import SocketProtocol
from gateway.live.wire import wire_of
from gateway.routes import pages
from tests.browser.answers import Answer, Frame, Line, acknowledge, refuse
from tests.browser.messages import STREAM, snapshot


def token(**claims: Any) -> str:
    """Return what looks like a token with these claims; nobody here checks its signature."""
    parts = (b'{"alg":"HS256"}', json.dumps(claims).encode(), b"signature")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


VIEWER = token(role="viewer")


class StandIn:
    """One stream. `answer` decides on each frame that is in its order; None leaves it without an answer."""

    def __init__(self) -> None:
        self.url = ""
        self.snapshot: messages.Snapshot = snapshot()
        self.answer: Answer = acknowledge
        self.edge: str | None = "edge-1"
        """The gateway's name in this life, in its welcome; without one there is none."""
        self.other_gateways: tuple[str, ...] = ()
        """Where gateways of other regions are, in its welcome and its pages' policy."""
        self.closing: tuple[int, str] | None = None
        """Code and reason with which every socket is closed at once, if any."""
        self.inviting: problems.Problem | None = None
        """The problem with which every invite is refused, if any."""
        self.invites: list[str] = []
        """What those said who came with an invite."""
        self.outcome: dict[str, Any] = {"outcome": "pending"}
        """The answer to whoever asks what became of a vote."""
        self.receipts: list[str] = []
        """Receipts that were asked about."""
        self.frames: list[Frame] = []
        self.connections = 0
        self.sessions: list[str] = []
        """The session of each connection."""
        self.offered: list[str] = []
        """Subprotocols that the newest socket offered."""
        self._taken: dict[str, int] = {}
        """The largest id that was taken of each session."""
        self._sockets: set[WebSocket] = set()
        self._changed = asyncio.Event()

    def link(self, viewer_token: str = VIEWER) -> str:
        """Return the address to give to a viewer."""
        return f"{self.url}/watch/{STREAM}#token={viewer_token}"

    async def push(self, *news: Mapping[str, Any]) -> None:
        """Send messages to every page."""
        for message in news:
            for socket in list(self._sockets):
                await socket.send_json(message)

    def drop(self) -> None:
        """Cut every connection without a word, as a killed gateway does."""
        for socket in list(self._sockets):
            wire_of(socket.scope).abort()

    async def close(self, code: int, reason: str) -> None:
        """Close every connection with this code and reason."""
        for socket in list(self._sockets):
            await socket.close(code, reason)

    async def until(self, holds: Callable[[], object]) -> None:
        """Return once something holds that a frame or a connection brings about. Raises TimeoutError."""
        async with asyncio.timeout(10):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def came(self, kind: str) -> list[Frame]:
        """Return the frames of one type that came."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def votes(self) -> list[Frame]:
        """Return the vote frames that came."""
        return self.came("vote")

    def taps(self) -> dict[str, int]:
        """Return all taps that came, by emoji."""
        counts: dict[str, int] = {}
        for frame in self.frames:
            for emoji, count in frame.get("counts", {}).items():
                counts[emoji] = counts.get(emoji, 0) + count
        return counts

    def app(self) -> Starlette:
        """Return the stand-in as an application, the pages served by the gateway's own code."""
        stream = "/v1/streams/{stream}"
        own = [
            Route("/v1/receipts/{receipt}", self._receipt),
            Route(stream + "/viewers", self._let_in, methods=["POST"]),
            WebSocketRoute(stream + "/ws", self._socket),
        ]
        app = Starlette(routes=[*pages.ROUTES, *own])
        app.state.services = SimpleNamespace(settings=self)
        return app

    async def _let_in(self, request: Request) -> Response:
        self.invites.append(request.headers["authorization"])
        self._changed.set()
        if (problem := self.inviting) is not None:
            body = {"type": problem.type, "title": problem.title, "detail": problem.about, "status": problem.status}
            return JSONResponse(body, problem.status)
        viewer = f"guest-{len(self.invites)}"
        return JSONResponse({"token": token(role="viewer", sub=viewer), "viewer_id": viewer, "expires_at": 2**42}, 201)

    async def _receipt(self, request: Request) -> Response:
        self.receipts.append(request.path_params["receipt"])
        self._changed.set()
        return JSONResponse(self.outcome, self.outcome.get("status", 200))

    async def _socket(self, socket: WebSocket) -> None:
        self.offered = socket.scope["subprotocols"]
        await socket.accept("ovation.v1")
        if self.closing is not None:
            await socket.close(*self.closing)
            return
        self.sessions.append(socket.query_params["session"])
        line = Line(self.sessions[-1], self._taken)
        await socket.send_json(self.snapshot)
        if self.edge is not None:
            welcome = {"type": "welcome", "edge": self.edge, "interval_ms": 50, "expires_at": 2**42}
            await socket.send_json({**welcome, "regions": list(self.other_gateways)})
        self._sockets.add(socket)
        self.connections += 1
        self._changed.set()
        try:
            while True:
                frame = await socket.receive_json()
                self.frames.append(frame)
                self._changed.set()
                answer = self.answer(frame) if line.follows(frame) else refuse("wrong-order")(frame)
                if answer is not None:
                    await socket.send_json(answer)
        except WebSocketDisconnect:
            self._sockets.discard(socket)


@asynccontextmanager
async def serving() -> AsyncIterator[StandIn]:
    """Serve a stand-in on a free port of the loopback."""
    stand_in = StandIn()
    config = uvicorn.Config(
        stand_in.app(), ws=SocketProtocol, lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with sockets.create_server(("127.0.0.1", 0)) as listener:
        stand_in.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield stand_in
        finally:
            stand_in.drop()
            server.should_exit = True
            await running
