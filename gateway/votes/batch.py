"""One micro-batch of votes, and those who wait for it."""

import asyncio
from dataclasses import dataclass, field

from contracts import events
from gateway import metrics, problems
from gateway.refusal import Refused


@dataclass(slots=True)
class Batch:
    """Votes that go as one record. `timer` sends it, and later decides that it has waited long enough for Kafka."""

    votes: list[events.Vote] = field(default_factory=list)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None

    def add(self, vote: events.Vote) -> asyncio.Future[None]:
        """Return what the vote's caller waits for."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.votes.append(vote)
        self.waiting.append(written)
        return written

    def confirm(self) -> None:
        """Tell all of them that Kafka has their votes."""
        for written in self._still_waiting():
            written.set_result(None)

    def refuse(self) -> None:
        """Tell all of them that Kafka did not confirm in time."""
        for written in self._still_waiting():
            metrics.VOTES_UNCONFIRMED.inc()
            written.set_exception(Refused(problems.KAFKA_UNREACHABLE))

    def arm(self, timer: asyncio.TimerHandle | None) -> None:
        """Replace the timer."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = timer

    def _still_waiting(self) -> list[asyncio.Future[None]]:
        return [written for written in self.waiting if not written.done()]
