"""Where the voters vote: one poll, opened through one gateway and known to all of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ovation.audience import ledger
from ovation.audience.figures import Figures
from ovation.audience.plan import EMOJIS
from ovation.audience.voters.plan import VotingPlan
from ovation.client.errors import ProblemError
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError

KNOWN_S = 20.0
LOOK_S = 0.02

ENTITLED: dict[str, Any] = {"member": True}
"""Claims of who may vote, where not everybody may."""


@dataclass(frozen=True, slots=True)
class Place:
    """One poll, the gateways that take votes in it, and the account of what they said."""

    stream_id: str
    poll_id: str
    option_ids: tuple[str, ...]
    gateways: Sequence[GatewayClient]
    ballots: ledger.Ballots
    figures: Figures = field(default_factory=Figures)

    def ledger(self) -> ledger.Ledger:
        """Return the account as a file holds it."""
        return ledger.Ledger(streams={self.stream_id: ledger.Stream(polls={self.poll_id: self.ballots})})


async def open_place(gateways: Sequence[GatewayClient], plan: VotingPlan, stream_id: str) -> Place:
    """Open a stream and a poll through the first gateway; return when every gateway knows them.

    Raises a CallError, and OvationError when some gateway does not hear of the poll: it is of another deployment.
    """
    rules: dict[str, Any] = {"allow_change": plan.allow_change, "allow_withdraw": plan.allow_withdraw}
    if plan.ineligible:
        rules["eligibility"] = {claim: [value] for claim, value in ENTITLED.items()}
    await gateways[0].open_stream(f"Simulated voters of {stream_id}", EMOJIS, stream_id)
    poll = await gateways[0].open_poll(stream_id, "Who was the best?", plan.options, rules)
    await asyncio.gather(*(_knows(gateway, stream_id, poll.poll_id) for gateway in gateways))
    option_ids = tuple(option.id for option in poll.options)
    ballots = ledger.Ballots(list(option_ids), allow_change=plan.allow_change)
    return Place(stream_id, poll.poll_id, option_ids, gateways, ballots)


async def _knows(gateway: GatewayClient, stream_id: str, poll_id: str) -> None:
    try:
        async with asyncio.timeout(KNOWN_S):
            while True:
                try:
                    await gateway.poll(stream_id, poll_id)
                    return
                except ProblemError as problem:
                    if problem.name not in ("unknown-stream", "unknown-poll"):
                        raise
                await asyncio.sleep(LOOK_S)
    except TimeoutError as error:
        raise OvationError(f"The gateway at {gateway.url} does not hear of polls that another one opened.") from error
