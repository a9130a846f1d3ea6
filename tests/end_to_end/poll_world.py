"""Several gateways, called one request after the other, as a broadcaster and as voters call them."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ovation.audience.voters.place import ENTITLED
from ovation.audience.voters.tokens import Signer
from ovation.client import answers
from ovation.client.errors import ProblemError
from ovation.client.gateway import GatewayClient
from ovation.flink_api import Flink
from ovation.verify.numbers import POLL_FIELDS
from tests import checkpoints
from tests.end_to_end.poll_model import Rules

T = TypeVar("T")
Answer = tuple[str | None, str | None]
"""Receipt and name of the problem: a late vote has both."""

CONVERGE_S = 30.0
LOOK_S = 0.05
GUEST = "guest"
"""A voter whose token has no claims."""


@dataclass(frozen=True)
class World:
    """A stream on which every example has its own poll. `runner` is the loop that the clients live on."""

    runner: asyncio.Runner
    clients: Sequence[GatewayClient]
    stream_id: str
    signer: Signer
    flink: Flink

    def ask(self, call: Awaitable[T]) -> T:
        """Return what a call to a gateway returns."""

        async def asked() -> T:
            return await call

        return self.runner.run(asked())

    def open(self, rules: Rules) -> str:
        """Open a poll and return its id."""
        texts = [f"Option {number}" for number in range(1, rules.options + 1)]
        fields: dict[str, Any] = {
            "max_choices": rules.max_choices,
            "allow_change": rules.allow_change,
            "allow_withdraw": rules.allow_withdraw,
            "eligibility": {claim: [value] for claim, value in ENTITLED.items()} if rules.members_only else {},
        }
        return self.ask(self.clients[0].open_poll(self.stream_id, "Which?", texts, fields)).poll_id

    def step(self, poll_id: str, step: str, gateway: int) -> None:
        """Take the poll a step on."""
        self.ask(self.clients[gateway].step(self.stream_id, poll_id, step))

    def commit(self) -> None:
        """Let the jobs commit what they have read, which a result waits for before it is final."""
        checkpoints.take(self.flink, "poll_dedup")

    def vote(self, poll_id: str, voter: str, choices: tuple[str, ...], gateway: int, key: str | None) -> Answer:
        """Vote, or withdraw without choices."""
        client = self.clients[gateway]
        token = self.signer.token(voter, {} if voter == GUEST else ENTITLED)
        place = (self.stream_id, token, poll_id)
        try:
            return self.ask(client.vote(*place, choices, key) if choices else client.withdraw(*place, key)), None
        except ProblemError as problem:
            return problem.receipt, problem.name

    def statuses(self, poll_id: str) -> list[str]:
        """Return what each gateway takes the poll for, or how it says that it does not know it."""

        def status(client: GatewayClient) -> str:
            try:
                return self._poll(client, poll_id).status
            except ProblemError as problem:
                return problem.name

        return [status(client) for client in self.clients]

    def tallies(self, poll_id: str) -> list[dict[str, int | None]]:
        """Return the numbers that each gateway shows, options as `option:ID`."""
        polls = [self._poll(client, poll_id) for client in self.clients]
        return [
            {f"option:{option.id}": option.votes for option in poll.options}
            | {field: getattr(poll, field) for field in POLL_FIELDS}
            for poll in polls
        ]

    def outcome(self, receipt: str, gateway: int) -> answers.VoteOutcome:
        """Return what became of a vote."""
        return self.ask(self.clients[gateway].receipt(receipt))

    def ballots(self, poll_id: str) -> set[str]:
        """Return the ids in the list of ballots."""

        async def download() -> bytes:
            async with self.clients[0].ballots(self.stream_id, poll_id) as chunks:
                return b"".join([chunk async for chunk in chunks])

        return {json.loads(line)["ballot"] for line in self.ask(download()).splitlines()[1:]}

    def _poll(self, client: GatewayClient, poll_id: str) -> answers.Poll:
        return self.ask(client.poll(self.stream_id, poll_id))


def until(look: Callable[[], object], expected: object, seconds: float = CONVERGE_S) -> None:
    """Return once `look()` is as expected; fail with what it is after `seconds`."""
    deadline = time.monotonic() + seconds
    while (seen := look()) != expected:
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:.0f} s: {seen}, instead of {expected}")
        time.sleep(LOOK_S)
