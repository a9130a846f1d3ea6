"""What goes over a real socket is what docs/asyncapi.yaml describes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.contracts.asyncapi_document import check
from tests.gateway.api import Api

Frame = dict[str, Any]


class Socket:
    """A socket on which every frame, out and in, is held against the document."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def receive(self) -> Frame:
        message: Frame = json.loads(await self._socket.receive_str(timeout=10))
        for part in (message, *message.get("polls", ())):
            check(part)
        return message

    async def ask(self, **frame: Any) -> Frame:
        """Send a frame and return its answer, past what else is shown meanwhile."""
        check(frame)
        await self._socket.send_str(json.dumps(frame))
        while True:
            message = await self.receive()
            if message["type"] in {"ack", "error"}:
                assert message["id"] == frame["id"]
                return message

    async def refused(self, **frame: Any) -> str:
        """Send a frame that is none of the document's, or not a good one; return the problem's name."""
        await self._socket.send_str(json.dumps(frame))
        while (message := await self.receive())["type"] != "error":
            pass
        return str(message["problem"]).removeprefix("/problems/")


@asynccontextmanager
async def watching(api: Api, stream: str) -> AsyncIterator[Socket]:
    headers = {"authorization": f"Bearer {await api.token(stream)}"}
    async with api.session.ws_connect(f"{api.url}/v1/streams/{stream}/ws", headers=headers) as socket:
        yield Socket(socket)


async def test_every_frame_is_as_described(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, allow_change=True, allow_withdraw=True)
    hidden = await api.poll(stream, results="after_vote")
    async with watching(api, stream) as socket:
        snapshot = await socket.receive()
        assert snapshot["type"] == "snapshot"
        assert [each.get("results_hidden", False) for each in snapshot["polls"]] == [False, True]

        taps = await socket.ask(type="react", id=1, counts={"🔥": 2})
        assert taps["counted"] == 2
        vote = await socket.ask(type="vote", id="v", poll_id=poll, choices=["1"])
        assert vote["receipt"]
        assert (await socket.ask(type="withdraw", id="w", poll_id=poll))["receipt"]
        assert await socket.refused(type="withdraw", id="x", poll_id=hidden) == "not-withdrawable"
        assert await socket.refused(type="vote", id="y", poll_id=hidden, choices=[]) == "no-choices"
        assert await socket.refused(type="boo", id="z") == "unknown-frame"

        receipt = (await socket.ask(type="vote", id="h", poll_id=hidden, choices=["1"]))["receipt"]
        await shown(socket, hidden)
    async with watching(api, stream) as socket:
        snapshot = await socket.receive()
        assert [each.get("results_hidden", False) for each in snapshot["polls"]] == [False, True]
        assert (await socket.ask(type="show", id="s", receipt=receipt))["type"] == "ack"
        await shown(socket, hidden)
        assert await socket.ask(type="ping", id="p") == {"type": "ack", "id": "p"}


async def shown(socket: Socket, poll: str) -> None:
    """Wait until the results of a poll are shown."""
    while (message := await socket.receive())["type"] != "poll" or message["poll_id"] != poll:
        pass
    assert not message.get("results_hidden", False)
