"""One simulated viewer or voter: sends, and writes into the stage's account what came of it."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from ovation.audience.casting import cast
from ovation.audience.figures import Figures
from ovation.audience.stage import Stage
from ovation.client.errors import CallError, NotSentError, ProblemError
from ovation.client.gateway import GatewayClient
from ovation.client.socket import ViewerSocket


@dataclass(slots=True)
class Viewer:
    """Taps and votes by `socket`, or by HTTP when it has none."""

    viewer_id: str
    stage: Stage
    token: str = field(repr=False)
    client: GatewayClient
    figures: Figures
    socket: ViewerSocket | None = None

    async def tap(self, emoji: str) -> None:
        """Tap once. A tap without an answer is not sent again: it might count twice."""
        taps = self.stage.account.taps
        began = time.perf_counter()
        self.stage.tap_to_screen.sent(emoji, began)
        taps.sent += 1
        self.figures.taps_sent += 1
        counts = {emoji: 1}
        try:
            if self.socket is not None:
                answer = await self.socket.react(counts)
            else:
                answer = await self.client.react(self.stage.stream_id, self.token, counts)
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
        await cast(lambda: self._send_vote(option), (option,), note, self.figures)

    async def _send_vote(self, option: str) -> str:
        if self.socket is not None:
            return await self.socket.vote(self.stage.poll_id, [option])
        return await self.client.vote(self.stage.stream_id, self.token, self.stage.poll_id, [option])


def _may_have_counted(problem: ProblemError) -> bool:
    # 503 says that nothing was taken; another failure of the gateway says nothing about the taps.
    return problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.status != HTTPStatus.SERVICE_UNAVAILABLE
