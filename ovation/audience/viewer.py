"""One simulated viewer or voter: sends, and writes into the stage's account what came of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from ovation.audience.casting import cast, follow
from ovation.audience.figures import Figures
from ovation.audience.stage import Stage
from ovation.client.errors import UNCERTAIN_TAPS, CallError, NotSentError, ProblemError, UnansweredError
from ovation.client.gateway import GatewayClient
from ovation.client.live import Live

T = TypeVar("T")


@dataclass(slots=True)
class Viewer:
    """Taps and votes over `live`, or by HTTP when it has none: then at one gateway until it does not answer."""

    viewer_id: str
    stage: Stage
    token: str = field(repr=False)
    gateways: Sequence[GatewayClient]
    figures: Figures
    live: Live | None = None
    _gateway: int = 0

    async def tap(self, emoji: str) -> None:
        """Tap once. By HTTP a tap without an answer is not sent again: it might count twice."""
        taps = self.stage.account.taps
        began = time.perf_counter()
        self.stage.tap_to_screen.sent(emoji, began)
        taps.sent += 1
        self.figures.taps_sent += 1
        counts = {emoji: 1}
        try:
            if self.live is not None:
                answer = await self.live.react(counts)
            else:
                answer = await self._by_http(lambda to: to.react(self.stage.stream_id, self.token, counts))
        except (CallError, asyncio.CancelledError) as failure:
            self.stage.tap_to_screen.withdrawn(emoji, began)
            if isinstance(failure, NotSentError):
                taps.unsent += 1
            elif isinstance(failure, ProblemError) and not _may_have_counted(failure):
                taps.refused += 1
            else:
                taps.leave_open(emoji)
            if isinstance(failure, asyncio.CancelledError):
                raise
        else:
            self.figures.tap_ack.add(time.perf_counter() - began)
            if answer.counted:
                taps.acknowledge(answer.window, emoji)
                self.figures.taps_acknowledged += 1
            else:  # Who taps faster than the gateway allows is told so.
                self.stage.tap_to_screen.withdrawn(emoji, began)
                taps.refused += 1

    async def vote(self, option: str) -> None:
        """Vote, and send the vote again for as long as it is not answered."""
        note = partial(self.stage.ballots.note, self.viewer_id)
        if self.live is not None:
            await follow(self.live, self.stage.poll_id, (option,), note, self.figures)
        else:
            await cast(lambda: self._send_vote(option), (option,), note, self.figures)

    async def _send_vote(self, option: str) -> str:
        stage = self.stage
        return await self._by_http(lambda to: to.vote(stage.stream_id, self.token, stage.poll_id, [option]))

    async def _by_http(self, call: Callable[[GatewayClient], Awaitable[T]]) -> T:
        number = self._gateway
        try:
            return await call(self.gateways[number])
        except (NotSentError, UnansweredError):
            self._gateway = (number + 1) % len(self.gateways)
            raise


def _may_have_counted(problem: ProblemError) -> bool:
    if problem.name == UNCERTAIN_TAPS:
        return True
    # 503 says that nothing was taken; another failure of the gateway says nothing about the taps.
    return problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.status != HTTPStatus.SERVICE_UNAVAILABLE
