"""A server that answers as a gateway may, once in a while, in the worst case."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from local.ports import free_ports
from ovation.client.gateway import GatewayClient

Handler = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]


@asynccontextmanager
async def gateway(path: str, handler: Handler, port: int = 0) -> AsyncIterator[TestServer]:
    """Serve `handler` at `path`, for every method."""
    app = web.Application()
    app.router.add_route("*", path, handler)
    server = TestServer(app, port=port or free_ports(1)[0])
    await server.start_server(shutdown_timeout=0.1)
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def client(url: str) -> AsyncIterator[GatewayClient]:
    """Return a client that leaves no connection behind."""
    async with GatewayClient(url, "key") as opened:
        yield opened
    await asyncio.sleep(0)


SOCKET = "/v1/streams/{stream}{socket:(/ws)?}"
HANG_UP = "hang up"
"""An answer that is none: the frame is taken, and the connection breaks."""

Frame = dict[str, Any]
Answer = Frame | str | None
Hear = Callable[[Frame], Answer]
"""Returns the members of the answer to a frame, None for no answer, or `HANG_UP`."""


def taken(frame: Frame) -> Answer:
    """Say yes to everything."""
    if frame["type"] == "react":
        return {"type": "ack", "counted": sum(frame["counts"].values()), "window": 1_000}
    return {"type": "ack", "receipt": f"R{frame['id']}"}


def no(name: str, status: int, **members: Any) -> Frame:
    """Return an answer that says no."""
    problem = {"problem": f"/problems/{name}", "title": name, "detail": f"It is {name}.", "status": status}
    return {"type": "error", **problem, **members}


def snapshot(**changes: Any) -> Frame:
    """Return the picture of a stream on which nothing has happened."""
    reactions = {"type": "reactions", "stream_id": "s", "as_of": 1, "totals": {}, "window": {"start": 0, "counts": {}}}
    empty = {"title": "Title", "emojis": ["🔥"], "status": "live", "reactions": reactions, "polls": [], "watching": 1}
    return {"type": "snapshot", "stream_id": "s", "as_of": 1, **empty, **changes}


class LiveGateway:
    """The sockets of one gateway. Without an `edge` it says no welcome, and `hear` decides its answers."""

    def __init__(self, edge: str | None = "edge-1", hear: Hear = taken) -> None:
        self.edge = edge
        self.hear = hear
        self.picture = snapshot()
        self.heard: list[Frame] = []
        self.sessions: list[str] = []
        self.sockets: set[web.WebSocketResponse] = set()
        self.refuse: Callable[[], web.Response] | None = None
        self.news = asyncio.Event()
        """Set when a frame or a socket comes."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.refuse is not None:
            return self.refuse()
        ws = web.WebSocketResponse(protocols=("ovation.v1",))
        await ws.prepare(request)
        self.sessions.append(request.query["session"])
        await ws.send_json(self.picture)
        self.sockets.add(ws)
        if self.edge is not None:
            await ws.send_json({"type": "welcome", "edge": self.edge, "interval_ms": 50, "expires_at": 2_000_000})
        self.news.set()
        try:
            async for message in ws:
                frame = message.json()
                self.heard.append(frame)
                answer = self.hear(frame)
                self.news.set()
                if answer == HANG_UP:
                    assert request.transport is not None
                    request.transport.abort()
                elif isinstance(answer, dict):
                    await ws.send_json({**answer, "id": frame.get("id")})
        finally:
            self.sockets.discard(ws)
        return ws

    async def show(self, message: Frame) -> None:
        """Send a message to everybody."""
        for ws in list(self.sockets):
            await ws.send_json(message)

    async def close(self, code: int, reason: str = "") -> None:
        """Close every socket."""
        for ws in list(self.sockets):
            await ws.close(code=code, message=reason.encode())

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when `condition` holds; it is looked at after each frame and socket."""
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                self.news.clear()
                await self.news.wait()


DEADLINE_S = 10
