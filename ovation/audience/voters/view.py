"""How a run of the voters goes, in the terminal."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.live import Live

from ovation.audience.voters.final import Finals
from ovation.audience.voters.voting import Voting
from ovation.terminal import err

T = TypeVar("T")

LOOK_S = 0.5
LINE_S = 5.0


async def watched(work: Awaitable[T], line: Callable[[], str]) -> T:
    """Return what `work` returns, and show `line()` meanwhile: renewed on a terminal, now and then in a log."""
    running = asyncio.ensure_future(work)
    try:
        if err.is_terminal:
            with Live(console=err, auto_refresh=False, transient=True) as live:
                while not running.done():
                    await asyncio.wait({running}, timeout=LOOK_S)
                    live.update(line(), refresh=True)
        else:
            while not (await asyncio.wait({running}, timeout=LINE_S))[0]:
                err.print(line(), markup=False)
        return await running
    finally:
        running.cancel()


def voting_line(voting: Voting) -> str:
    """Return how many have voted, how fast, and how quickly they are answered."""
    figures, plan = voting.place.figures, voting.plan
    elapsed_s = max(time.monotonic() - voting.began, 1e-3)
    parts = [f"Voting: {len(voting.voted):,} of {plan.voters:,} voters"]
    if voting.closed_at is None:
        parts.append(f"{figures.votes_answered / elapsed_s:,.0f} votes/s")
    else:
        parts.append("closed, the late ones come")
    p50, p99 = figures.vote_ack.percentile(0.5), figures.vote_ack.percentile(0.99)
    if p50 is not None and p99 is not None:
        parts.append(f"answered p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    return ", ".join(parts)


def final_line(finals: Finals, voting: Voting) -> str:
    """Return how many gateways know the final result."""
    waited_s = time.monotonic() - (voting.closed_at or time.monotonic())
    number = len(voting.place.gateways)
    return f"Waiting for the final result: {finals.reached} of {number} gateways, {waited_s:.0f} s after the closing"
