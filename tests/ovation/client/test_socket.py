import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import WSMsgType, web

from local.ports import free_ports
from ovation.client.errors import NotSentError, ProblemError, UnansweredError
from ovation.client.socket import MessageListener, ViewerSocket
from tests.ovation.client.gateway_stand_in import client, gateway

SOCKET = "/v1/streams/{stream}/ws"
DEADLINE_S = 10


@asynccontextmanager
async def connected(url: str, listener: MessageListener | None = None) -> AsyncIterator[ViewerSocket]:
    async with client(url) as gate:
        socket = gate.socket("s", "token", listener)
        running = asyncio.create_task(socket.run())
        try:
            async with asyncio.timeout(DEADLINE_S):
                await socket.connected.wait()
            yield socket
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def answering(request: web.Request) -> web.WebSocketResponse:
    """Acknowledge taps and votes, but refuse a vote for option 9, and close without a word on `hang-up`."""
    ws = web.WebSocketResponse(protocols=("ovation.v1",))
    await ws.prepare(request)
    await ws.send_str(json.dumps({"type": "snapshot", "status": "live"}))
    async for message in ws:
        if message.type is not WSMsgType.TEXT:
            continue
        frame = json.loads(message.data)
        if frame["type"] == "react" and "hang-up" in frame["counts"]:
            await ws.close()
        elif frame["type"] == "react":
            await ws.send_str(json.dumps({"type": "ack", "id": frame["id"], "counted": 1, "window": 1_000}))
        elif frame["type"] == "withdraw":
            error = {"problem": "/problems/late-vote", "status": 409, "detail": "It is closed.", "receipt": "L"}
            await ws.send_str(json.dumps({**error, "type": "error", "id": frame["id"]}))
        elif frame["choices"] == ["9"]:
            error = {"problem": "/problems/unknown-option", "status": 422, "detail": "There is no such option."}
            await ws.send_str(json.dumps({**error, "type": "error", "id": frame["id"]}))
        else:
            await ws.send_str(json.dumps({"type": "ack", "id": frame["id"], "receipt": "R"}))
    return ws


async def test_frames_are_answered_by_their_id_and_messages_are_shown() -> None:
    shown: list[str] = []
    async with (
        gateway(SOCKET, answering) as server,
        connected(str(server.make_url("")), lambda kind, text: shown.append(kind)) as socket,
    ):
        counted, receipt = await asyncio.gather(socket.react({"🔥": 1}), socket.vote("p", ["1"]))
    assert (counted.window, receipt) == (1_000, "R")
    assert shown == ["snapshot"]


async def test_a_refused_frame_is_a_problem_with_its_name() -> None:
    async with gateway(SOCKET, answering) as server, connected(str(server.make_url(""))) as socket:
        with pytest.raises(ProblemError, match="no such option") as caught:
            await socket.vote("p", ["9"])
    assert (caught.value.status, caught.value.name) == (422, "unknown-option")


async def test_a_withdrawal_that_comes_too_late_has_a_receipt() -> None:
    async with gateway(SOCKET, answering) as server, connected(str(server.make_url(""))) as socket:
        with pytest.raises(ProblemError) as caught:
            await socket.withdraw("p")
    assert (caught.value.name, caught.value.receipt) == ("late-vote", "L")


async def test_a_broken_connection_leaves_frames_unanswered_and_is_made_again() -> None:
    async with gateway(SOCKET, answering) as server, connected(str(server.make_url(""))) as socket:
        with pytest.raises(UnansweredError):
            await socket.react({"hang-up": 1})
        async with asyncio.timeout(DEADLINE_S):
            await socket.connected.wait()
        assert (await socket.react({"🔥": 1})).window == 1_000
        assert socket.connections == 2


async def test_a_gateway_that_comes_back_is_found_again() -> None:
    (port,) = free_ports(1)
    async with gateway(SOCKET, answering, port) as server:
        url = str(server.make_url(""))
        async with connected(url) as socket:
            await server.close()
            with pytest.raises((NotSentError, UnansweredError)):
                await socket.react({"🔥": 1})
            async with gateway(SOCKET, answering, port), asyncio.timeout(DEADLINE_S):
                assert await _taken(socket)


async def _taken(socket: ViewerSocket) -> bool:
    while True:
        try:
            return (await socket.react({"🔥": 1})).counted == 1
        except NotSentError:
            await asyncio.sleep(0.01)


async def test_a_refused_viewer_does_not_knock_again() -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=403)

    async with gateway(SOCKET, refuse) as server, client(str(server.make_url(""))) as gate:
        with pytest.raises(ProblemError) as caught:
            async with asyncio.timeout(DEADLINE_S):
                await gate.socket("s", "token").run()
    assert caught.value.status == 403
