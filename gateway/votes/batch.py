"""One micro-batch of votes, and those who wait for it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from contracts import events
from gateway import metrics, problems
from gateway.refusal import Refused

log = structlog.get_logger(__name__)

Done = Callable[[Refused | None], None]
"""Told once that Kafka has a vote, or why that is not known."""


@dataclass(slots=True, repr=False)
class Batch:
    """Votes that go as one record. `timer` sends it, and later decides that it has waited long enough for Kafka."""

    votes: list[events.Vote] = field(default_factory=list)
    waiting: list[tuple[float, Done]] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None

    def add(self, vote: events.Vote, done: Done) -> None:
        """Take a vote; `done` is called when its fate is known."""
        self.votes.append(vote)
        self.waiting.append((time.perf_counter(), done))

    def age_s(self) -> float:
        """Return how long the first vote has waited. There is one."""
        return time.perf_counter() - self.waiting[0][0]

    def confirm(self) -> int:
        """Tell all who still wait that Kafka has their votes, and return how many they were."""
        waiting, self.waiting = self.waiting, []
        metrics.VOTES.inc(len(waiting))
        now = time.perf_counter()
        for started, done in waiting:
            metrics.VOTE_SECONDS.observe(now - started)
            _tell(done, None)
        return len(waiting)

    def refuse(self) -> int:
        """Tell all who still wait that Kafka did not confirm in time, and return how many they were."""
        waiting, self.waiting = self.waiting, []
        metrics.VOTES_UNCONFIRMED.inc(len(waiting))
        for _, done in waiting:
            _tell(done, Refused(problems.KAFKA_UNREACHABLE))
        return len(waiting)

    def arm(self, timer: asyncio.TimerHandle | None) -> None:
        """Replace the timer."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = timer


def _tell(done: Done, refused: Refused | None) -> None:
    try:
        done(refused)
    except Exception as error:
        # One who cannot be told must not keep the others from it.
        log.error("a vote is not answered", error=type(error).__name__)
