"""The vote itself: from the first voter to the last one who comes too late."""

import asyncio
import time
from collections.abc import Iterable, Mapping

from ovation.audience.background import Background
from ovation.audience.casting import PATIENCE_S
from ovation.audience.pacing import pace
from ovation.audience.receipts import told
from ovation.audience.voters.place import Place
from ovation.audience.voters.plan import VoterPlan, Voters, VotingPlan
from ovation.audience.voters.voter import Voter, voter_id
from ovation.client.gateway import GatewayClient

AFTER_THE_DEADLINE_S = 0.25
"""How much later than the published grace the late ones vote."""
FOLLOWED = 50
"""Voters who ask for the outcome of their vote at once."""


class Voting:
    """One run of the voters of a plan. `tokens` are by viewer id."""

    def __init__(self, place: Place, plan: VotingPlan, voters: Voters, tokens: Mapping[str, str]) -> None:
        self.place = place
        self.plan = plan
        self._voters = voters
        self._tokens = tokens
        self._followers = Background()
        self.began = time.monotonic()
        self.voted: set[int] = set()
        """Voters who have done what they planned."""
        self.voting_s = 0.0
        """How long the votes in time took, their answers included."""
        self.answered = 0
        """How many of these were answered with a receipt."""
        self.closed_at: float | None = None
        """When the closing was answered, by `time.monotonic`."""

    async def run(self) -> None:
        """Vote, close the poll through the last gateway, and vote once more too late.

        Raises a CallError when the poll cannot be closed or a receipt not be read, and MalformedAnswerError.
        """
        place = self.place
        try:
            self.began = time.monotonic()
            await self._vote(self._voters.in_time())
            self.voting_s, self.answered = time.monotonic() - self.began, place.figures.votes_answered
            closed = await place.gateways[-1].step(place.stream_id, place.poll_id, "close")
            self.closed_at = time.monotonic()
            await asyncio.sleep(closed.grace_ms / 1000 + AFTER_THE_DEADLINE_S)
            await self._vote(self._voters.after_the_deadline())
            await self._followers.finish(PATIENCE_S)
            self._followers.check()
        finally:
            await self._followers.cancel()

    async def _vote(self, plans: Iterable[VoterPlan]) -> None:
        voting = Background()
        try:
            await pace(plans, self._one, voting)
            await voting.finish(PATIENCE_S)
        finally:
            await voting.cancel()
        voting.check()

    async def _one(self, plan: VoterPlan) -> None:
        name = voter_id(plan.voter)
        await Voter(name, self._tokens[name], self.place).vote(plan)
        self.voted.add(plan.voter)
        if plan.voter % max(self.plan.voters // FOLLOWED, 1) == 0:
            self._followers.start(self._follow(name, self.place.gateways[plan.castings[-1].gateway]))

    async def _follow(self, name: str, gateway: GatewayClient) -> None:
        """Ask for the outcome of a voter's last vote until there is one."""
        attempt = self.place.ballots.voters[name][-1]
        if attempt.receipt is None or attempt.ended_s is None:
            return
        await told(gateway, attempt.receipt)
        self.place.figures.receipt_told.add(time.perf_counter() - attempt.ended_s)
