"""One viewer of a run: it taps, votes once, and notes what was acknowledged and whether a number on its screen fell."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from ovation.client import CallError, Live, NotSentError, Picture, TapsOutcome, connect

EMOJI = "🔥"


@dataclass(slots=True)
class Viewer:
    """What a viewer did and saw. Times are seconds of `time.monotonic`."""

    name: str
    region: str
    choice: str
    counted: int = 0
    """Taps that a gateway said it counts."""
    in_doubt: int = 0
    """Taps of which nobody can say whether they count."""
    voted_at: float | None = None
    """When its vote was acknowledged."""
    live_at: list[float] = field(default_factory=list)
    falls: Counter[str] = field(default_factory=Counter)
    """By how much numbers on its screen fell in all, by option's id, or emoji."""
    failed: str | None = None
    """Why it could not vote."""
    _shown: dict[str, int] = field(default_factory=dict)

    def live_again_s(self, lost_at: float) -> float:
        """Return how long after that moment it had a connection again."""
        return min((at - lost_at for at in self.live_at if at > lost_at), default=float("inf"))

    async def watch(
        self, stream_id: str, poll_id: str, token: str, url: str, votes_after_s: float, ends: asyncio.Event, seed: int
    ) -> None:
        """Take part until `ends`; the vote is tried for as long as it takes."""
        random = Random(seed)  # noqa: S311 - a crowd guards nothing
        async with connect(stream_id, token, urls=[url]) as live:
            live.on("state", lambda state, _: self.live_at.append(time.monotonic()) if state == "live" else None)
            live.on("taps", self._taps)
            live.on("picture", lambda picture, _: self._look(picture))
            voting = asyncio.create_task(self._vote(live, poll_id, votes_after_s))
            while not ends.is_set():
                live.tap(EMOJI)
                with suppress(TimeoutError):
                    async with asyncio.timeout(random.uniform(0.4, 1.6)):
                        await ends.wait()
            await voting

    async def _vote(self, live: Live, poll_id: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        try:
            await live.vote(poll_id, [self.choice])
            self.voted_at = time.monotonic()
        except CallError as error:
            self.failed = str(error)

    def _taps(self, outcome: TapsOutcome) -> None:
        self.counted += sum(outcome.counted.values())
        if outcome.problem is not None and not isinstance(outcome.problem, NotSentError):
            self.in_doubt += sum(outcome.uncounted.values())

    def _look(self, picture: Picture) -> None:
        for poll in picture.polls.values():
            self._hold({option["id"]: option["votes"] for option in poll["options"] if "votes" in option})
        self._hold(picture.totals)

    def _hold(self, numbers: dict[str, int]) -> None:
        for name, number in numbers.items():
            if number < self._shown.get(name, 0):
                self.falls[name] += self._shown[name] - number
            self._shown[name] = number
