"""How long a vote waits until it is durable, at a steady rate: `python -m bench.votes --help`.

Every vote is one HTTP request of one voter, answered once Kafka has it with `acks=all`; the jobs, both stores and this
client share the machine with it. In the end the tally in Redis is held against the answers.
"""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer
import uvloop

from bench.open_loop import Answers, OpenLoop
from bench.setting import machine, running_first, running_stack
from local.parts import PROCESSES
from local.secrets import load_or_create
from local.settings import read_settings
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.plan import EMOJIS, OPTIONS
from ovation.audience.voters.tokens import Signer
from ovation.client.gateway import GatewayClient
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.terminal import err, failures, out

UNCOUNTED = ("kafka", "redis", "gateway")
COUNTED_S = 30.0
LOOK_S = 0.1


class Voters:
    """Makes the requests of ever new voters of one poll."""

    def __init__(self, signer: Signer, path: str) -> None:
        self._signer = signer
        self._head = f"POST {path} HTTP/1.1\r\nhost: ovation\r\ncontent-type: application/json\r\n"
        self._bodies = [msgspec.json.encode({"choices": [str(option + 1)]}).decode() for option in range(len(OPTIONS))]
        self._made = 0

    def requests(self, number: int) -> list[bytes]:
        """Return the requests of `number` voters, each with its own token. They are made before they are due."""
        return list(self._requests(number))

    def _requests(self, number: int) -> Iterator[bytes]:
        for voter in range(self._made, self._made + number):
            token = self._signer.token(f"voter-{voter}", {})
            body = self._bodies[voter % len(self._bodies)]
            yield f"{self._head}authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()
        self._made += number


async def _counted(gateway: GatewayClient, stream_id: str, poll_id: str, votes: int) -> tuple[int, float]:
    """Return the votes that the gateway shows, once there are `votes` of them or time is over, and the seconds."""
    began = time.monotonic()
    while True:
        shown = (await gateway.poll(stream_id, poll_id)).received or 0
        waited_s = time.monotonic() - began
        if shown >= votes or waited_s > COUNTED_S:
            return shown, waited_s
        await asyncio.sleep(LOOK_S)


async def vote_steadily(
    stack: Stack, addresses: Addresses, per_s: float, warm_up_s: int, seconds: int, connections: int, jobs: bool
) -> tuple[Answers, int, int, float]:
    """Return what was answered in the measured time, all votes answered, those counted, and how long that took."""
    stream_id = f"votes-{secrets.token_hex(4)}"
    async with GatewayClient(addresses.gateway_url, addresses.api_key.get_secret_value()) as gateway:
        await gateway.open_stream("Votes at a steady rate", EMOJIS, stream_id)
        poll = await gateway.open_poll(stream_id, "Who was the best?", OPTIONS)
        signer = Signer.of(load_or_create(stack.settings.data_dir).token_secret, stream_id)
        voters = Voters(signer, f"/v1/streams/{stream_id}/polls/{poll.poll_id}/votes")
        async with OpenLoop("127.0.0.1", stack.settings.gateway_port, connections) as load:
            err.print(f"Warming up: {per_s:,.0f} votes/s for {warm_up_s} s", markup=False)
            warm_up = await load.run(voters.requests(round(per_s * warm_up_s)), per_s)
            requests = voters.requests(round(per_s * seconds))
            err.print(f"Measuring: {per_s:,.0f} votes/s for {seconds} s", markup=False)
            measured = await load.run(requests, per_s)
        taken = warm_up.statuses[202] + measured.statuses[202]
        if not jobs:
            return measured, taken, 0, 0.0
        return measured, taken, *await _counted(gateway, stream_id, poll.poll_id, taken)


def main(
    votes_per_second: Annotated[float, typer.Option(min=1)] = 1_000,
    warm_up: Annotated[int, typer.Option(min=0, help="Seconds at the same rate before anything is measured.")] = 60,
    seconds: Annotated[int, typer.Option(min=1, help="Seconds that are measured.")] = 30,
    connections: Annotated[int, typer.Option(min=1, max=10_000)] = 256,
    data_dir: DataDir = None,
    jobs: Annotated[bool, typer.Option(help="Count the votes too; else gateway and Kafka are alone.")] = True,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Vote at a steady rate through one gateway of the embedded stack, and print how long the answers took.

    The exit code is 1 when a vote was refused or lost, or when not all votes that were answered are counted.
    """
    with failures(OvationError):
        stack = Stack(read_settings(data_dir, ephemeral_ports))
        with (
            running_stack(stack, PROCESSES if jobs else UNCOUNTED),
            running_first() as is_first,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            addresses = addresses_of(stack.settings)
            measured, taken, counted, counted_s = runner.run(
                vote_steadily(stack, addresses, votes_per_second, warm_up, seconds, connections, jobs)
            )
    refused = Counter({status: number for status, number in measured.statuses.items() if status != 202})
    found = {
        "setting": f"One machine runs the whole stack and the voters: {machine()}",
        "client": "runs before the stack" if is_first else "takes its turn with the stack: what it waits for counts",
        "votes": f"{measured.answered:,} in {measured.sending_s:.1f} s, "
        f"asked {votes_per_second:,.0f}/s, {connections} connections, warmed up for {warm_up} s",
        "durable": measured.latencies.summary().line(),
        "counted": f"{counted:,} of {taken:,} answered, warm-up included, {counted_s:.1f} s after the last answer",
    }
    if refused or measured.lost:
        found["failed"] = ", ".join([*(f"{number:,} answered {each}" for each, number in refused.items())])
        found["failed"] += f" {measured.lost:,} lost"
    for name, text in found.items():
        out.print(f"  {name:<8} {text}", markup=False)
    if refused or measured.lost or (jobs and counted != taken):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
