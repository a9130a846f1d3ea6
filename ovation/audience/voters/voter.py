"""One simulated voter: votes as planned, again and otherwise, and writes down what came of it."""

import asyncio
import secrets
from dataclasses import dataclass, field
from functools import partial

from ovation.audience.casting import cast
from ovation.audience.voters.place import Place
from ovation.audience.voters.plan import Casting, VoterPlan


def voter_id(voter: int) -> str:
    """Return the viewer id of a voter of the plan."""
    return f"voter-{voter}"


@dataclass(frozen=True, slots=True)
class Voter:
    """Votes in one place by HTTP."""

    name: str
    token: str = field(repr=False)
    place: Place

    async def vote(self, plan: VoterPlan) -> None:
        """Do what is planned, each thing after the answer to the one before. Raises MalformedAnswerError."""
        for casting in plan.castings:
            await self._cast(casting)

    async def _cast(self, casting: Casting) -> None:
        retry = casting.retry
        # A key is for whom it matters to be given the same receipt again; a repeated vote counts once without it too.
        key = secrets.token_hex(16) if retry is not None and retry.same_key else None
        first = self._send(casting.option, casting.gateway, key)
        if retry is None:
            await first
        elif retry.at_once:
            await asyncio.gather(first, self._send(casting.option, retry.gateway, key))
        else:
            await first
            await self._send(casting.option, retry.gateway, key)

    async def _send(self, option: int | None, gateway: int, key: str | None) -> None:
        place = self.place
        client = place.gateways[gateway]
        ask = partial(client.withdraw, place.stream_id, self.token, place.poll_id, idempotency_key=key)
        choices: tuple[str, ...] = ()
        if option is not None:
            choices = (place.option_ids[option],)
            ask = partial(client.vote, place.stream_id, self.token, place.poll_id, choices, key)
        await cast(ask, choices, partial(place.ballots.note, self.name), place.figures)
