"""A browser's tab as gateways see it: a socket with a session, that can be cut and opened again anywhere."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.gateway.api import Api


class Closed(Exception):  # noqa: N818 - it is what a test waits for
    """The gateway has closed the socket."""

    def __init__(self, code: int | None, reason: str | None) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Tab:
    """One socket, from its opening on."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.welcome: dict[str, Any] = {}

    @property
    def edge(self) -> str:
        """What the gateway calls itself."""
        return str(self.welcome["edge"])

    async def say(self, **frame: object) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def tap(self, frame_id: int, *sent_to: str, count: int = 1) -> None:
        await self.say(type="react", id=frame_id, counts={"🔥": count}, **{"sent_to": sent_to} if sent_to else {})

    async def vote(self, frame_id: int, poll: str, choice: str, *sent_to: str) -> None:
        again = {"sent_to": sent_to} if sent_to else {}
        await self.say(type="vote", id=frame_id, poll_id=poll, choices=[choice], **again)

    async def next(self, *kinds: str) -> dict[str, Any]:
        """Return the next message of these kinds. Raises Closed."""
        async with asyncio.timeout(20):
            while True:
                message = await self.socket.receive()
                if message.type == aiohttp.WSMsgType.CLOSE:
                    raise Closed(message.data, message.extra)
                if message.type != aiohttp.WSMsgType.TEXT:
                    raise Closed(self.socket.close_code, None)
                body: dict[str, Any] = json.loads(message.data)
                if body["type"] in kinds:
                    return body

    async def answer(self) -> dict[str, Any]:
        return await self.next("ack", "error")

    async def end(self) -> tuple[int | None, str | None]:
        """Wait until the gateway closes the socket; return code and reason."""
        try:
            while True:
                await self.answer()
        except Closed as closed:
            return closed.code, closed.reason

    def cut(self) -> None:
        """Cut the connection, without a word."""
        transport = self.socket._response.connection.transport  # type: ignore[union-attr]
        assert transport is not None
        transport.abort()


async def open_tab(api: Api, stream: str, token: str | None, session: str | None = None, **options: Any) -> Tab:
    """Open a socket, as a program unless there is an `Origin` among the headers."""
    query = options.pop("query", {}) | ({"session": session} if session else {})
    protocols = ["ovation.v1", *([f"bearer.{token}"] if token else [])]
    url = f"{api.url}/v1/streams/{stream}/ws?{urlencode(query)}"
    return Tab(await api.session.ws_connect(url, protocols=protocols, **options))


async def welcomed(api: Api, stream: str, token: str | None, session: str | None = None) -> Tab:
    """Open a socket and wait until it is welcome."""
    tab = await open_tab(api, stream, token, session)
    tab.welcome = await tab.next("welcome")
    return tab
