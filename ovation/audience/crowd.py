"""A crowd from its first stream to its last answer."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from ovation.audience.background import Background
from ovation.audience.cast import Cast, Report, assemble, connect
from ovation.audience.casting import PATIENCE_S
from ovation.audience.figures import Figures
from ovation.audience.ledger import Ledger
from ovation.audience.pacing import pace
from ovation.audience.plan import Plan, Tap, Vote, taps, votes
from ovation.audience.stage import Stage
from ovation.client.gateway import GatewayClient

ANSWERS_S = 60.0
"""How long the last answers to taps may take."""


class Crowd:
    """Use it as an asynchronous context manager: inside, the streams are open and the sockets connected.

    Entering raises a CallError when the gateway refuses or cannot be reached, and OvationError when sockets do not
    connect.
    """

    def __init__(
        self, client: GatewayClient, plan: Plan, stream_ids: Sequence[str], report: Report = lambda _: None
    ) -> None:
        self.plan = plan
        self.figures = Figures()
        self.ledger = Ledger()
        self._client = client
        self._stream_ids = stream_ids
        self._report = report
        self._cast = Cast([], [])
        self._sockets = Background()
        self._taps = Background()
        self._votes = Background()

    async def __aenter__(self) -> Self:
        try:
            self._cast = await assemble(self._client, self.plan, self._stream_ids, self.figures, self._report)
            self.ledger.streams = {stage.stream_id: stage.account for stage in self.stages}
            await connect(self._cast.sockets, self._sockets, self._report)
        except BaseException:
            await self._sockets.cancel()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for background in (self._taps, self._votes, self._sockets):
            await background.cancel()

    @property
    def stages(self) -> list[Stage]:
        """The streams of the crowd."""
        return self._cast.stages

    @property
    def reconnects(self) -> int:
        """How often a socket had to connect again."""
        return sum(max(socket.connections - 1, 0) for socket in self._cast.sockets)

    @property
    def steps_back(self) -> int:
        """Numbers on screens that were smaller than before."""
        return sum(screen.steps_back for stage in self.stages for screen in stage.screens)

    @property
    def stepped(self) -> list[str]:
        """The first of them on each screen, for a person."""
        return [step for stage in self.stages for screen in stage.screens for step in screen.stepped]

    async def run(self) -> None:
        """Tap and vote as planned, and return when everything is answered, or will not be any more.

        Raises what nobody expects: a message that breaks the contract, or a refused socket.
        """
        voting = asyncio.create_task(pace(votes(self.plan), self._vote, self._votes))
        try:
            self.figures.tapping_s = await pace(taps(self.plan), self._tap, self._taps)
            await voting
        finally:
            voting.cancel()
        self._report("Waiting for the last answers")
        await self._taps.finish(ANSWERS_S)
        await self._votes.finish(PATIENCE_S)
        for background in (self._taps, self._votes, self._sockets):
            background.check()

    async def _tap(self, tap: Tap) -> None:
        await self._cast.viewers[tap.viewer].tap(tap.emoji)

    async def _vote(self, vote: Vote) -> None:
        viewer = self._cast.viewers[vote.voter]
        options = viewer.stage.option_ids
        if vote.second is None:
            await viewer.vote(options[vote.option])
        elif vote.at_once:
            await asyncio.gather(viewer.vote(options[vote.option]), viewer.vote(options[vote.second]))
        else:
            await viewer.vote(options[vote.option])
            await viewer.vote(options[vote.second])
