"""One simulated viewer or voter: sends, and writes into the stage's account what came of it."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from http import HTTPStatus

from ovation.audience.figures import Figures
from ovation.audience.ledger import Attempt
from ovation.audience.stage import Stage
from ovation.client.backoff import Backoff
from ovation.client.errors import CallError, NotSentError, ProblemError, UnansweredError
from ovation.client.gateway import GatewayClient
from ovation.client.socket import ViewerSocket

PATIENCE_S = 60.0
"""How long a voter goes on sending a vote that is not answered."""


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
            taps.acknowledge(answer.window, emoji)
            self.figures.taps_acknowledged += 1
            self.figures.tap_ack.add(time.perf_counter() - began)

    async def vote(self, option: str) -> None:
        """Vote, and send the vote again for as long as it is not answered: however often it arrives, it counts once."""
        backoff = Backoff(random.Random())  # noqa: S311 - jitter guards nothing
        deadline = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < deadline:
            began = time.perf_counter()
            try:
                receipt = await self._send_vote(option)
            except NotSentError:
                pass
            except ProblemError as problem:
                if problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    self.stage.ballots.note(self.viewer_id, Attempt(option, "refused"))
                    return
                self.stage.ballots.note(self.viewer_id, Attempt(option, "unanswered"))
            except UnansweredError:
                self.stage.ballots.note(self.viewer_id, Attempt(option, "unanswered"))
            else:
                self.stage.ballots.note(self.viewer_id, Attempt(option, "acknowledged", receipt))
                self.figures.votes_acknowledged += 1
                self.figures.vote_ack.add(time.perf_counter() - began)
                return
            await asyncio.sleep(backoff.next())

    async def _send_vote(self, option: str) -> str:
        if self.socket is not None:
            return await self.socket.vote(self.stage.poll_id, [option])
        return await self.client.vote(self.stage.stream_id, self.token, self.stage.poll_id, [option])


def _may_have_counted(problem: ProblemError) -> bool:
    # 503 says that nothing was taken; another failure of the gateway says nothing about the taps.
    return problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.status != HTTPStatus.SERVICE_UNAVAILABLE
