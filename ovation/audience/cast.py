"""Puts a crowd in its places: opens its streams, issues its tokens, connects its sockets."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp

from ovation.audience.at_once import at_once
from ovation.audience.figures import Figures
from ovation.audience.plan import Plan, http_viewers, keyed
from ovation.audience.stage import Stage, open_stage
from ovation.audience.tries import Gateways
from ovation.audience.viewer import Viewer
from ovation.client.gateway import GatewayClient
from ovation.client.live import Live, connect
from ovation.errors import OvationError

Report = Callable[[str], None]

CONNECT_S = 30.0


@dataclass(slots=True)
class Cast:
    """Everybody and everything that takes part. `lives` are the sockets of viewers and screens, not connected yet."""

    stages: list[Stage]
    viewers: list[Viewer]
    lives: list[Live] = field(default_factory=list)


async def assemble(
    gateways: Sequence[GatewayClient],
    http: aiohttp.ClientSession,
    plan: Plan,
    stream_ids: Sequence[str],
    figures: Figures,
    report: Report,
) -> Cast:
    """Open a stage for each of `stream_ids` and make the viewers, who have tokens, spread over the gateways.

    `http` is the session of all sockets. Raises a CallError.
    """
    report(f"Opening {len(stream_ids)} stream(s) with a poll each")
    screens = [len(range(index, plan.screens, len(stream_ids))) for index in range(len(stream_ids))]
    latencies = figures.tap_to_screen
    stages = await at_once(
        open_stage(gateways[0], stream_id, plan.emojis, plan.options, number, latencies)
        for stream_id, number in zip(stream_ids, screens, strict=True)
    )
    number, by_http = max(plan.viewers, plan.voters), http_viewers(plan)
    keys = keyed(plan)
    stubborn = keys[: plan.stubborn]

    def live(index: int, stage: Stage, token: str) -> Live:
        urls = [gateway.url for gateway in _beginning_with(index, gateways)]
        # Taps are measured one by one, and what a viewer sees is looked at on the screens alone.
        return connect(stage.stream_id, token, urls=urls, moment_ms=0, watch=False, http=http)

    async def viewer(index: int) -> Viewer:
        stage = stages[index % len(stages)]
        viewer_id = f"viewer-{index}"
        token = await gateways[0].token(stage.stream_id, viewer_id)
        has_socket = index < plan.viewers and index not in by_http
        socket = live(index, stage, token) if has_socket else None
        known = Gateways(_beginning_with(index, gateways))
        return Viewer(viewer_id, stage, token, known, figures, socket, keyed=index in keys, stubborn=index in stubborn)

    report(f"Issuing {number} tokens")
    viewers = await at_once(viewer(index) for index in range(number))
    lives = [viewer.live for viewer in viewers if viewer.live is not None]
    for stage in stages:
        for index, screen in enumerate(stage.screens):
            watching = live(index, stage, stage.token)
            watching.on("message", screen.take)
            lives.append(watching)
    return Cast(stages, viewers, lives)


async def open_all(lives: Sequence[Live], stack: AsyncExitStack, report: Report) -> None:
    """Connect, until `stack` is left, and return when all have.

    Raises OvationError when some do not within `CONNECT_S`, and a CallError when a gateway refuses one.
    """
    report(f"Connecting {len(lives)} sockets")
    stack.push_async_callback(_close_all, [await live.__aenter__() for live in lives])
    try:
        async with asyncio.timeout(CONNECT_S):
            for live in lives:
                await live.ready()
    except TimeoutError as error:
        up = sum(live.state == "live" for live in lives)
        raise OvationError(f"Only {up} of {len(lives)} sockets connected within {CONNECT_S:.0f} s.") from error


async def _close_all(lives: Sequence[Live]) -> None:
    await asyncio.gather(*(live.close(0) for live in lives))


def _beginning_with(index: int, gateways: Sequence[GatewayClient]) -> list[GatewayClient]:
    first = index % len(gateways)
    return [*gateways[first:], *gateways[:first]]
