"""What one viewer says on its socket, and how it is answered: each frame by its id, through the mailbox.

Taps are answered at once. A vote waits for Kafka on a task of its own, so that it holds up nothing that comes after it.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from gateway import metrics, problems
from gateway.auth import Viewer
from gateway.clock import Clock
from gateway.live import frames
from gateway.live.hub import StreamHub
from gateway.live.mailbox import Mailbox
from gateway.reactions.tap_counter import TapCounter
from gateway.refusal import Refused
from gateway.votes.ballot_box import BallotBox, ReceiptAnswer

log = structlog.get_logger(__name__)

_VOTES_AT_ONCE = 16


class Conversation:
    """Takes the frames of one viewer. `admit` is asked for each, and raises Refused where it is one too many."""

    def __init__(
        self,
        viewer: Viewer,
        hub: StreamHub,
        mailbox: Mailbox,
        *,
        taps: TapCounter,
        ballots: BallotBox,
        admit: Callable[[Viewer], None],
        clock: Clock,
    ) -> None:
        self._viewer = viewer
        self._hub = hub
        self._mailbox = mailbox
        self._taps = taps
        self._ballots = ballots
        self._admit = admit
        self._clock = clock
        self._votes: set[asyncio.Task[None]] = set()

    def take(self, raw: str | bytes) -> None:
        """Take a frame; its answer comes into the mailbox."""
        try:
            self._admit(self._viewer)
            frame = frames.read(raw)
        except Refused as refused:
            self._refuse(frames.read_id(raw), refused)
            return
        try:
            if self._viewer.expires_at * 1000 <= self._clock():
                raise Refused(problems.EXPIRED_TOKEN)
            self._act(frame)
        except Refused as refused:
            self._refuse(frame.id, refused)

    def close(self) -> None:
        for task in self._votes:
            task.cancel()

    def _act(self, frame: frames.Frame) -> None:
        if isinstance(frame, frames.React):
            counted = self._taps.tap(self._viewer, frame.counts, frame.playback_ms)
            self._mailbox.answer(frames.ack(frame.id, counted))
        elif isinstance(frame, frames.Show):
            poll_id = self._ballots.poll_of(self._viewer, frame.receipt)
            self._mailbox.answer(frames.ack(frame.id, {}))
            self._hub.reveal(self._mailbox, poll_id)
        elif isinstance(frame, frames.Ping):
            self._mailbox.answer(frames.ack(frame.id, {}))
        elif len(self._votes) >= _VOTES_AT_ONCE:
            raise Refused(problems.TOO_MUCH_WAITING)
        else:
            task = asyncio.create_task(self._write(frame))
            self._votes.add(task)
            task.add_done_callback(self._votes.discard)

    async def _write(self, frame: frames.Vote | frames.Withdraw) -> None:
        try:
            self._mailbox.answer(frames.ack(frame.id, await self._written(frame)))
        except Refused as refused:
            self._refuse(frame.id, refused)
        except Exception as error:
            log.error("frame failed", error=type(error).__name__)
            self._refuse(frame.id, Refused(problems.INTERNAL))
        else:
            if isinstance(frame, frames.Vote):
                self._hub.reveal(self._mailbox, frame.poll_id)

    def _written(self, frame: frames.Vote | frames.Withdraw) -> Awaitable[ReceiptAnswer]:
        if isinstance(frame, frames.Vote):
            return self._ballots.vote(self._viewer, frame.poll_id, frame.choices, frame.playback_ms)
        return self._ballots.withdraw(self._viewer, frame.poll_id)

    def _refuse(self, frame_id: frames.FrameId, refused: Refused) -> None:
        metrics.REFUSED.labels(refused.problem.name).inc()
        self._mailbox.answer(frames.error(frame_id, refused))
