"""Whether memory, lag and delays stay flat over an hour of taps and votes: `python -m bench.soak --help`.

A crowd that never changes its pace is looked at once a sample. What is flat is the same late as early: the
median of the last quarter is held against that of the second, since caches and heaps fill in the first. In the end
every number is held against the crowd's ledger, as after any run.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Annotated

import redis
import typer
import uvloop

from bench.findings import Curve, Finding, Findings, publish
from bench.setting import raise_open_files
from local.errors import StackError
from local.stack import Stack
from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.audience.report import conclusion, lines, report
from ovation.audience.settle import settle
from ovation.chaos.machine import Machine
from ovation.chaos.own_stack import gateway_urls, own_stack
from ovation.client.gateway import GatewayClient
from ovation.deployments import DEPLOYMENTS
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.kafka_admin import connected
from ovation.lag import reading
from ovation.terminal import err, failures, out
from ovation.verify.stream import Verifier

FLAT = 1.1
"""Late over early, of what is called flat."""
MEMORY, LAG, DELAY = "memory, MiB", "records not read yet", "tap to screen, p99 ms"
PATIENCE_S = 90.0


@dataclass(slots=True)
class Samples:
    """What was seen, a value for each look, by kind and name."""

    at_min: list[float] = field(default_factory=list)
    seen: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, at_min: float, found: dict[str, dict[str, float]]) -> None:
        """Add one look."""
        self.at_min.append(round(at_min, 2))
        for kind, values in found.items():
            for name, value in values.items():
                self.seen.setdefault(kind, {}).setdefault(name, []).append(round(value, 1))

    def early(self, kind: str, name: str) -> float:
        """Return the median of the second quarter."""
        values = self.seen[kind][name]
        return median(values[len(values) // 4 : max(len(values) // 2, len(values) // 4 + 1)])

    def late(self, kind: str, name: str) -> float:
        """Return the median of the last quarter."""
        values = self.seen[kind][name]
        return median(values[len(values) * 3 // 4 :])


async def watch(stack: Stack, crowd: Crowd, every_s: float, samples: Samples) -> None:
    """Look at the stack until cancelled."""
    machine, began = Machine(stack), time.monotonic()
    before = crowd.figures.tap_to_screen.copy()
    while True:
        await asyncio.sleep(every_s)
        found = await asyncio.to_thread(_of_stack, stack, machine)
        delays = crowd.figures.tap_to_screen.since(before)
        before = crowd.figures.tap_to_screen.copy()
        found[DELAY] = {"screens": delays.percentile(0.99) or 0.0}
        samples.add((time.monotonic() - began) / 60, found)
        texts = [f"{name} {value:,.0f}" for values in found.values() for name, value in values.items()]
        err.print(f"{samples.at_min[-1]:5.1f} min: {', '.join(texts)}", markup=False)


def _of_stack(stack: Stack, machine: Machine) -> dict[str, dict[str, float]]:
    settings = stack.settings
    with connected(settings.kafka_bootstrap) as admin:
        lag = {each.name: float(reading(admin, each).left) for each in DEPLOYMENTS}
    memory = {name: float(used) for name, used in machine.memory_mb().items()}
    with redis.Redis.from_url(settings.redis_url) as client:
        info = client.info("memory")
    assert isinstance(info, dict)
    memory["what Redis holds"] = info["used_memory"] / 2**20
    return {MEMORY: memory, LAG: lag}


async def soak(stack: Stack, plan: Plan, every_s: float) -> tuple[Samples, list[str]]:
    """Return what was seen while the crowd was there, and lines on what came of it. Raises OvationError for a loss."""
    samples, addresses = Samples(), addresses_of(stack.settings)
    key, name = addresses.api_key.get_secret_value(), f"soak-{secrets.token_hex(3)}"
    async with AsyncExitStack() as entered:
        client, *others = [await entered.enter_async_context(GatewayClient(url, key)) for url in gateway_urls(stack)]
        stream_ids = [f"{name}-{number}" for number in range(plan.streams)]
        crowd = await entered.enter_async_context(Crowd(client, plan, stream_ids, others=others))
        watching = asyncio.create_task(watch(stack, crowd, every_s, samples))
        try:
            await crowd.run()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        done = report(crowd, await settle(client, crowd, PATIENCE_S))
        if not done.good:
            raise OvationError(conclusion(done))
        with Verifier(addresses) as verifier:
            for stream_id, promised in crowd.ledger.streams.items():
                verdict = await verifier.verify(stream_id, promised, PATIENCE_S)
                if not verdict.agrees:
                    raise OvationError(f"{stream_id}: live, history and ledger differ.")
    return samples, lines(done)


def findings(samples: Samples, setting: Sequence[str]) -> Findings:
    """Return late beside early, and the curves."""
    found = []
    for kind, values in samples.seen.items():
        for name in values:
            early, late = samples.early(kind, name), samples.late(kind, name)
            is_measured = early > 0 and kind != LAG
            found.append(
                Finding(
                    f"{kind.partition(',')[0]} of {name}" if kind == MEMORY else f"{kind}, {name}",
                    kind.rpartition(" ")[2] if kind != LAG else "",
                    (late,),
                    "early" if early > 0 else "",
                    (early,) if early > 0 else (),
                    FLAT if is_measured else None,
                    "most",
                )
            )
    curves = tuple(
        Curve(
            f"{kind[0].upper()}{kind[1:].partition(',')[0]}",
            "minutes",
            kind,
            tuple(samples.at_min),
            {name: tuple(seen) for name, seen in values.items()},
            x_scale="linear",
        )
        for kind, values in samples.seen.items()
    )
    return Findings("soak", "An hour of the same", "make soak", tuple(setting), tuple(found), curves)


def main(
    minutes: Annotated[float, typer.Option(min=0.1, help="How long.")] = 60,
    taps_per_s: Annotated[float, typer.Option(min=1, help="Taps a second of the whole crowd.")] = 400,
    votes_per_s: Annotated[float, typer.Option(min=0.1, help="New voters a second.")] = 4,
    every: Annotated[float, typer.Option(min=0.5, help="Seconds from one look to the next.")] = 30,
    short: Annotated[bool, typer.Option("--short", help="Half a minute, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Let a crowd tap and vote at one pace on a stack of its own, and print what grows meanwhile.

    Example: python -m bench.soak --minutes 10 --no-save
    """
    if short:
        minutes, every, save = 0.4, 2, False
    seconds = minutes * 60
    plan = Plan(
        streams=4,
        viewers=100,
        taps_per_s=taps_per_s,
        seconds=seconds,
        voters=round(votes_per_s * seconds),
        vote_seconds=seconds,
        screens=8,
    )
    raise_open_files()
    with failures(OvationError, StackError), own_stack() as stack:
        samples, texts = uvloop.run(soak(stack, plan, every))
    out.print("\n".join(texts), markup=False)
    publish(
        findings(
            samples,
            (
                f"{minutes:g} minutes of {taps_per_s:,.0f} taps and {votes_per_s:g} new voters a second on four "
                f"streams, 8 screens, three gateways; a look every {every:g} s.",
                "Early is the median of the second quarter, late that of the last. A deployment says how far it has "
                "read with each checkpoint, so what came since the newest one is always left.",
            ),
        ),
        save=save,
    )


if __name__ == "__main__":
    typer.run(main)
