"""A crowd from its first stream to its last answer."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import takewhile
from types import TracebackType
from typing import Self

import aiohttp

from ovation.audience.background import Background
from ovation.audience.cast import Cast, Report, assemble, open_all
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

    `client` opens the streams; viewers and screens are spread over it and `others`, and go on at another one when
    theirs does not answer.

    Entering raises a CallError when the gateway refuses or cannot be reached, and OvationError when sockets do not
    connect.
    """

    def __init__(
        self,
        client: GatewayClient,
        plan: Plan,
        stream_ids: Sequence[str],
        report: Report = lambda _: None,
        others: Sequence[GatewayClient] = (),
    ) -> None:
        self.plan = plan
        self.figures = Figures()
        self.ledger = Ledger()
        self._gateways = [client, *others]
        self._stream_ids = stream_ids
        self._report = report
        self._cast = Cast([], [])
        self._watch = Background()
        self._stack = AsyncExitStack()
        self._taps = Background()
        self._votes = Background()
        self._has_enough = False

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            # Sockets have a pool of their own: they live long, and requests must not wait for them.
            http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
            self._cast = await assemble(self._gateways, http, self.plan, self._stream_ids, self.figures, self._report)
            self.ledger.streams = {stage.stream_id: stage.account for stage in self.stages}
            await open_all(self._cast.lives, stack, self._report)
            for live in self._cast.lives:
                self._watch.start(live.stopped())
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for background in (self._taps, self._votes, self._watch):
            await background.cancel()
        await self._stack.aclose()

    @property
    def stages(self) -> list[Stage]:
        """The streams of the crowd."""
        return self._cast.stages

    @property
    def reconnects(self) -> int:
        """How often a socket had to connect again."""
        return sum(max(live.connections - 1, 0) for live in self._cast.lives)

    @property
    def steps_back(self) -> int:
        """Numbers on screens that were smaller than before."""
        return sum(stage.steps_back for stage in self.stages)

    @property
    def stepped(self) -> list[str]:
        """The first of them on each screen, for a person."""
        return [step for stage in self.stages for step in stage.stepped]

    def enough(self) -> None:
        """Tap no more, however long the plan goes on; who was to vote votes."""
        self._has_enough = True

    async def run(self) -> None:
        """Tap and vote as planned, and return when everything is answered, or will not be any more.

        Raises what nobody expects: a message that breaks the contract, or a refused socket.
        """
        voting = asyncio.create_task(pace(votes(self.plan), self._vote, self._votes))
        planned = takewhile(lambda _: not self._has_enough, taps(self.plan))
        try:
            self.figures.tapping_s = await pace(planned, self._tap, self._taps)
            await voting
        finally:
            voting.cancel()
        self._report("Waiting for the last answers")
        await self._taps.finish(ANSWERS_S)
        await self._votes.finish(PATIENCE_S)
        for background in (self._taps, self._votes, self._watch):
            background.check()

    async def _tap(self, tap: Tap) -> None:
        await self._cast.viewers[tap.viewer].tap(tap.emoji)

    async def _vote(self, vote: Vote) -> None:
        viewer = self._cast.viewers[vote.voter]
        options = viewer.stage.option_ids
        if vote.second is None:
            await viewer.vote(options[vote.option])
        elif vote.at_once and not viewer.stubborn:
            # Through several gateways at once the earlier vote may come later, and a ballot change after it was shown.
            await asyncio.gather(viewer.vote(options[vote.option]), viewer.vote(options[vote.second]))
        else:
            await viewer.vote(options[vote.option])
            await viewer.vote(options[vote.second])
