"""Puts a crowd in its places: opens its streams, issues its tokens, connects its sockets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ovation.audience.at_once import at_once
from ovation.audience.background import Background
from ovation.audience.figures import Figures
from ovation.audience.plan import Plan, http_viewers
from ovation.audience.stage import Stage, open_stage
from ovation.audience.viewer import Viewer
from ovation.client.gateway import GatewayClient
from ovation.client.socket import ViewerSocket
from ovation.errors import OvationError

Report = Callable[[str], None]

CONNECT_S = 30.0
CHECK_S = 0.05


@dataclass(slots=True)
class Cast:
    """Everybody and everything that takes part. Sockets connect when they are run."""

    stages: list[Stage]
    viewers: list[Viewer]
    sockets: list[ViewerSocket] = field(default_factory=list)


async def assemble(
    client: GatewayClient, plan: Plan, stream_ids: Sequence[str], figures: Figures, report: Report
) -> Cast:
    """Open a stage for each of `stream_ids` and make the viewers, who have tokens. Raises a CallError."""
    report(f"Opening {len(stream_ids)} stream(s) with a poll each")
    screens = [len(range(index, plan.screens, len(stream_ids))) for index in range(len(stream_ids))]
    latencies = figures.tap_to_screen
    stages = await at_once(
        open_stage(client, stream_id, plan.emojis, plan.options, number, latencies)
        for stream_id, number in zip(stream_ids, screens, strict=True)
    )
    number, http = max(plan.viewers, plan.voters), http_viewers(plan)

    async def viewer(index: int) -> Viewer:
        stage = stages[index % len(stages)]
        viewer_id = f"viewer-{index}"
        token = await client.token(stage.stream_id, viewer_id)
        has_socket = index < plan.viewers and index not in http
        socket = client.socket(stage.stream_id, token) if has_socket else None
        return Viewer(viewer_id, stage, token, client, figures, socket)

    report(f"Issuing {number} tokens")
    viewers = await at_once(viewer(index) for index in range(number))
    sockets = [viewer.socket for viewer in viewers if viewer.socket is not None]
    for stage in stages:
        sockets += [client.socket(stage.stream_id, stage.token, screen.take) for screen in stage.screens]
    return Cast(stages, viewers, sockets)


async def connect(sockets: Sequence[ViewerSocket], background: Background, report: Report) -> None:
    """Run the sockets in `background`, and return when all are connected.

    Raises OvationError when some do not within `CONNECT_S`, and what their tasks raise.
    """
    report(f"Connecting {len(sockets)} sockets")
    for socket in sockets:
        background.start(socket.run())
    try:
        async with asyncio.timeout(CONNECT_S):
            while not all(socket.connected.is_set() for socket in sockets):
                background.check()
                await asyncio.sleep(CHECK_S)
    except TimeoutError as error:
        up = sum(socket.connected.is_set() for socket in sockets)
        raise OvationError(f"Only {up} of {len(sockets)} sockets connected within {CONNECT_S:.0f} s.") from error
