"""A stream with a poll and an audience, shown until it is stopped."""

import asyncio
import secrets
import signal

from rich.live import Live

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.audience.view import RecentTaps
from ovation.client.errors import CallError, ProblemError
from ovation.client.gateway import GatewayClient
from ovation.demo.view import picture, plain
from ovation.errors import OvationError
from ovation.terminal import out

STREAM = "demo"
LOOK_S = 0.5
LINE_S = 2.0


async def show(addresses: Addresses, plan: Plan, seconds: float | None) -> None:
    """Open the stream and show it for `seconds`, or until the process is told to stop by SIGINT or SIGTERM.

    Raises OvationError when the gateway refuses or cannot be reached.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        async with GatewayClient(addresses.gateway_url, addresses.api_key.get_secret_value()) as client:
            stream_id = await _free_stream(client)
            async with Crowd(client, plan, [stream_id]) as crowd:
                token = await client.token(stream_id, "you")
                for place, address in _places(addresses, stream_id, token).items():
                    out.print(f"  {place:<20} {address}", markup=False)
                out.print("Ctrl-C ends it all.\n")
                if seconds is not None:
                    loop.call_later(seconds, stopped.set)
                await _until(stopped, crowd)
    except CallError as error:
        raise OvationError(f"The gateway at {addresses.gateway_url} failed the demo: {error}") from error


async def _free_stream(client: GatewayClient) -> str:
    try:
        await client.live(STREAM)
    except ProblemError as problem:
        if problem.name == "unknown-stream":
            return STREAM
        raise
    return f"{STREAM}-{secrets.token_hex(2)}"


async def _until(stopped: asyncio.Event, crowd: Crowd) -> None:
    running = asyncio.create_task(crowd.run())
    stopping = asyncio.create_task(stopped.wait())
    recent = RecentTaps(crowd.figures)
    try:
        if out.is_terminal:
            with Live(console=out, auto_refresh=False) as live:
                while not (running.done() or stopping.done()):
                    await asyncio.wait({running, stopping}, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                    recent.look()
                    live.update(picture(crowd, recent), refresh=True)
        else:
            while not (running.done() or stopping.done()):
                await asyncio.wait({running, stopping}, timeout=LINE_S, return_when=asyncio.FIRST_COMPLETED)
                recent.look()
                out.print(plain(crowd, recent), markup=False)
        if running.done():
            await running
    finally:
        running.cancel()
        stopping.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)


def _places(addresses: Addresses, stream_id: str, token: str) -> dict[str, str]:
    return {
        # The token is in the fragment, which a browser sends to no server.
        "Watch and tap along": f"{addresses.gateway_url}/watch/{stream_id}#token={token}",
        "Gateway": addresses.gateway_url,
        "Flink": addresses.flink_url,
        "ClickHouse": addresses.clickhouse_url,
        "Redis": addresses.redis_url.get_secret_value(),
        "Kafka": addresses.kafka_bootstrap,
        "Stream": stream_id,
    }
