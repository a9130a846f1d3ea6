"""One run of the crowd against a deployment, from the first stream to the verdict."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from rich.live import Live

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.audience.report import Report, report
from ovation.audience.settle import settle
from ovation.audience.view import RecentTaps, picture
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError
from ovation.terminal import err

SETTLE_S = 30.0
LOOK_S = 1.0


async def run(
    addresses: Addresses, gateways: Sequence[str], plan: Plan, stream_prefix: str, ledger: Path | None
) -> Report:
    """Send the crowd to these gateways and return what it came to; the ledger is written however it ends.

    Raises OvationError when the gateway refuses or cannot be reached.
    """
    # Seeded runs repeat what is done, not where: a stream is opened once.
    name = f"{stream_prefix}-{secrets.token_hex(4)}"
    stream_ids = [name] if plan.streams == 1 else [f"{name}-{number}" for number in range(1, plan.streams + 1)]
    key = addresses.api_key.get_secret_value()
    try:
        async with AsyncExitStack() as stack:
            client, *others = [await stack.enter_async_context(GatewayClient(url, key)) for url in gateways]
            crowd = Crowd(client, plan, stream_ids, lambda text: err.print(text, markup=False), others)
            await stack.enter_async_context(crowd)
            try:
                await _watched(crowd)
                verdicts = await settle(client, crowd, SETTLE_S)
            finally:
                if ledger is not None:
                    crowd.ledger.write(ledger)
            return report(crowd, verdicts)
    except CallError as error:
        raise OvationError(f"The gateway at {gateways[0]} failed the audience: {error}") from error


async def _watched(crowd: Crowd) -> None:
    """Run the crowd, and show how it goes where there is a terminal to show it on."""
    running = asyncio.create_task(crowd.run())
    recent, began = RecentTaps(crowd.figures), time.monotonic()
    try:
        if err.is_terminal:
            with Live(console=err, auto_refresh=False, transient=True) as live:
                while not running.done():
                    await asyncio.wait({running}, timeout=LOOK_S)
                    recent.look()
                    live.update(picture(crowd, recent, time.monotonic() - began), refresh=True)
        await running
    finally:
        running.cancel()
