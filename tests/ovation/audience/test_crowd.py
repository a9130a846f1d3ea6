"""A crowd over two gateways that are not there for real, one of which breaks off."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.client.backoff import Backoff
from ovation.client.errors import ProblemError
from ovation.client.gateway import GatewayClient
from tests.ovation.client.gateway_stand_in import DEADLINE_S, HANG_UP, Answer, Frame, LiveGateway, gateway, taken

ANYWHERE = "/v1/streams{rest:.*}"
PLAN = Plan(viewers=6, taps_per_s=400, seconds=0.5, voters=6, vote_seconds=0.3, http_share=0.5, screens=2)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "next", lambda self: 0.001)


class Deployment(LiveGateway):
    """One gateway with its calls over HTTP. It takes everything."""

    def __init__(self, edge: str) -> None:
        super().__init__(edge)
        self.by_http = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path.endswith("/ws"):
            return await super().serve(request)
        if path.endswith("/reactions"):
            self.by_http += 1
            return web.json_response({"counted": 1, "window": 2_000}, status=202)
        options = [{"id": str(number), "text": "?"} for number in range(1, 5)]
        answers: dict[str, Any] = {"polls": {"poll_id": "p", "status": "open", "options": options}}
        answers |= {"votes": {"receipt": "R"}, "tokens": {"token": "t"}, "streams": {"stream_id": "s"}}
        return web.json_response(answers[path.rpartition("/")[2]], status=201)


async def test_viewers_are_spread_and_what_breaks_off_counts_once() -> None:
    one, other = Deployment("one"), Deployment("other")
    broken: list[Frame] = []

    def break_once(frame: Frame) -> Answer:
        if not broken and frame["type"] == "react":
            broken.append(frame)
            return HANG_UP
        return taken(frame)

    one.hear = break_once
    async with (
        asyncio.timeout(DEADLINE_S),
        gateway(ANYWHERE, one.serve) as first,
        gateway(ANYWHERE, other.serve) as second,
        GatewayClient(str(first.make_url("")), "key") as client,
        GatewayClient(str(second.make_url("")), "key") as another,
        Crowd(client, PLAN, ["s"], others=[another]) as crowd,
    ):
        assert min(len(one.sockets), len(other.sockets)) > 0
        await crowd.run()
        assert crowd.reconnects == 1
    taps = crowd.stages[0].account.taps
    assert (taps.sent, taps.acknowledged, taps.unanswered) == (200, 200, {})
    assert sum(taps.windows[1_000].values()) == 200 - one.by_http - other.by_http
    assert min(one.by_http, other.by_http) > 0
    assert any(frame.get("sent_to") == ["one"] for frame in other.heard)
    assert crowd.ledger.streams["s"].polls["p"].count("acknowledged") >= PLAN.voters


async def test_a_gateway_that_refuses_a_viewer_ends_the_run() -> None:
    gate = Deployment("one")
    async with (
        asyncio.timeout(DEADLINE_S),
        gateway(ANYWHERE, gate.serve) as server,
        GatewayClient(str(server.make_url("")), "key") as client,
        Crowd(client, PLAN, ["s"]) as crowd,
    ):
        running = asyncio.ensure_future(crowd.run())
        await gate.until(lambda: bool(gate.heard))
        await gate.close(4401, "expired-token")
        with pytest.raises(ProblemError, match="expired-token"):
            await running


async def test_a_crowd_without_an_end_taps_until_it_has_had_enough_and_votes_as_planned() -> None:
    gate = Deployment("one")
    async with (
        asyncio.timeout(DEADLINE_S),
        gateway(ANYWHERE, gate.serve) as server,
        GatewayClient(str(server.make_url("")), "key") as client,
        Crowd(client, replace(PLAN, seconds=None), ["s"]) as crowd,
    ):
        running = asyncio.ensure_future(crowd.run())
        await gate.until(lambda: len(gate.heard) > 1)
        assert not running.done()
        crowd.enough()
        await running
    taps = crowd.stages[0].account.taps
    assert taps.sent == taps.acknowledged > 1
    assert crowd.ledger.streams["s"].polls["p"].count("acknowledged") >= PLAN.voters
