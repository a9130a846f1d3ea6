"""One simulated viewer or voter: sends, and writes into the stage's account what came of it."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from ovation.audience.casting import cast, follow
from ovation.audience.figures import Figures
from ovation.audience.stage import Stage
from ovation.audience.tries import Gateways, Tries
from ovation.client.answers import Counted
from ovation.client.errors import UNCERTAIN_TAPS, CallError, NotSentError, ProblemError
from ovation.client.gateway import GatewayClient
from ovation.client.live import Live

VOTE_REPEATS, TAP_REPEATS = 100, 3
"""How often a stubborn viewer sends a vote and a tap, whatever the answers, through one gateway after the other."""
AT_ONCE = 10
"""Of those, votes that are on their way together."""


@dataclass(slots=True)
class Viewer:
    """Taps and votes over `live`, or by HTTP when it has none.

    By HTTP, who is `keyed` sends an `Idempotency-Key`, and so may try a tap again; who is `stubborn` besides sends
    everything many times over.
    """

    viewer_id: str
    stage: Stage
    token: str = field(repr=False)
    gateways: Gateways
    figures: Figures
    live: Live | None = None
    keyed: bool = False
    stubborn: bool = False

    async def tap(self, emoji: str) -> None:
        """Tap once. By HTTP without a key, a tap that found no answer is not sent again: it might count twice."""
        taps = self.stage.account.taps
        began = time.perf_counter()
        self.stage.tap_to_screen.sent(emoji, began)
        taps.sent += 1
        self.figures.taps_sent += 1
        tries = Tries(self.gateways, keyed=self.keyed)
        try:
            if self.live is not None:
                answer = await self.live.react({emoji: 1})
            else:
                answer = await self._tap_by_http(emoji, tries)
        except (CallError, asyncio.CancelledError) as failure:
            self.stage.tap_to_screen.withdrawn(emoji, began)
            self.figures.failed(failure)
            if tries.unanswered_s:
                taps.leave_open(emoji)
            elif isinstance(failure, NotSentError):
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
                taps.acknowledge(answer.window, emoji, tries.unanswered_s, began if tries.key else None)
                self.figures.taps_acknowledged += 1
            else:  # Who taps faster than the gateway allows is told so.
                self.stage.tap_to_screen.withdrawn(emoji, began)
                taps.refused += 1

    async def vote(self, option: str) -> None:
        """Vote, and send the vote again for as long as it is not answered."""
        note = partial(self.stage.ballots.note, self.viewer_id)
        if self.live is not None:
            await follow(self.live, self.stage.poll_id, (option,), note, self.figures)
            return
        key = Tries(self.gateways, keyed=self.keyed).key

        async def send(gateway: GatewayClient, key: str | None) -> str:
            return await gateway.vote(self.stage.stream_id, self.token, self.stage.poll_id, [option], key)

        async def one(further: int) -> None:
            await cast(lambda: self.gateways.call(send, key, further), (option,), note, self.figures)

        times = VOTE_REPEATS if self.stubborn else 1
        for first in range(0, times, AT_ONCE):
            await asyncio.gather(*map(one, range(first, min(first + AT_ONCE, times))))

    async def _tap_by_http(self, emoji: str, tries: Tries) -> Counted:
        async def send(gateway: GatewayClient, key: str | None) -> Counted:
            return await gateway.react(self.stage.stream_id, self.token, {emoji: 1}, idempotency_key=key)

        answer = await tries.run(send)
        if self.stubborn:
            for further in range(1, TAP_REPEATS):
                with suppress(CallError):
                    await self.gateways.call(send, tries.key, further)
        return answer


def _may_have_counted(problem: ProblemError) -> bool:
    if problem.name == UNCERTAIN_TAPS:
        return True
    # 503 says that nothing was taken; another failure of the gateway says nothing about the taps.
    return problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.status != HTTPStatus.SERVICE_UNAVAILABLE
