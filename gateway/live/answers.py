"""What frames do, and how each is answered by its id.

Taps are answered at once. A vote waits for Kafka on a task of its own, so that it holds up nothing that comes after it.
In a session the answers are remembered, and a frame that is sent again is answered as it was the first time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from gateway import metrics, problems
from gateway.auth import Viewer
from gateway.live import frames
from gateway.live.peer import Peer
from gateway.reactions.tap_counter import TapCounter
from gateway.refusal import Refused
from gateway.resend.line import Line
from gateway.resend.session import Awaited, Fate
from gateway.stats.refusals import Refusals
from gateway.votes.ballot_box import BallotBox

log = structlog.get_logger(__name__)

_VOTES_AT_ONCE = 16


class Answers:
    """Answers the frames of one viewer, whose socket comes from `host`, None where nobody knows."""

    __slots__ = ("_ballots", "_host", "_peer", "_refusals", "_taps", "_tasks", "_viewer", "line")

    def __init__(
        self, viewer: Viewer, peer: Peer, taps: TapCounter, ballots: BallotBox, refusals: Refusals, host: str | None
    ) -> None:
        self._viewer = viewer
        self._peer = peer
        self._taps = taps
        self._ballots = ballots
        self._refusals = refusals
        self._host = host
        self._tasks: set[asyncio.Task[None]] = set()
        self.line: Line | None = None
        """The connection's part in a session, if it has one."""

    def take(self, frame: frames.Frame) -> None:
        """Do what a frame says."""
        try:
            if isinstance(frame, frames.React):
                counted = self._taps.tap(self._viewer, frame.counts, frame.playback_ms)
                self._answer(frame, frames.counted(frame.id, counted))
            elif isinstance(frame, frames.Show):
                poll_id = self._ballots.poll_of(self._viewer, frame.receipt)
                self._peer.answer(frames.ack(frame.id, {}))
                self._peer.reveal(poll_id)
            elif isinstance(frame, frames.Ping):
                self._peer.answer(frames.ack(frame.id, {}))
            elif len(self._tasks) >= _VOTES_AT_ONCE:
                raise Refused(problems.TOO_MUCH_WAITING)
            else:
                self._await(frame, self._written)
        except Refused as refused:
            self._answer(frame, self._refusal(frame.id, refused))

    def take_again(self, frame: frames.Lasting, sent_to: list[str], line: Line) -> None:
        """Answer as the first time, or do now what a frame says if it never came so far."""
        assert isinstance(frame.id, int)
        found = line.find(frame.id, sent_to)
        if isinstance(found, str):
            metrics.RESENDS.labels("known").inc()
            self._answer(frame, found)
            self._reveal(frame, found)
        elif isinstance(found, asyncio.Future):
            metrics.RESENDS.labels("known").inc()
            self._await(frame, partial(_told, found, line.settle_s), found)
        elif found is Fate.UNKNOWN and isinstance(frame, frames.React):
            metrics.RESENDS.labels("uncertain").inc()
            self._answer(frame, self._refusal(frame.id, Refused(problems.UNCERTAIN_TAPS)))
        else:
            # A vote that counts already counts no second time: there is one ballot per voter.
            metrics.RESENDS.labels("taken").inc()
            self.take(frame)

    def refuse(self, frame_id: frames.FrameId, refused: Refused) -> None:
        """Refuse a frame that was not taken at all."""
        self._peer.answer(self._refusal(frame_id, refused))

    def close(self) -> None:
        """Learn that nobody waits any more. In a session votes go on, because they will be asked for."""
        if self.line is None:
            for task in self._tasks:
                task.cancel()

    def _answer(self, frame: frames.Frame, text: str) -> None:
        if self.line is not None and isinstance(frame, frames.Lasting):
            assert isinstance(frame.id, int)
            self.line.keep(frame.id, text)
        self._peer.answer(text)

    def _await(
        self,
        frame: frames.Lasting,
        work: Callable[[frames.Lasting], Awaitable[str]],
        awaited: Awaited | None = None,
    ) -> None:
        """Answer later, and remember until then that it will be; `awaited` is an answer that is awaited already."""
        if self.line is not None:
            assert isinstance(frame.id, int)
            self.line.keep(frame.id, awaited or asyncio.get_running_loop().create_future())
        task = asyncio.create_task(self._answer_later(frame, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_later(self, frame: frames.Lasting, work: Callable[[frames.Lasting], Awaitable[str]]) -> None:
        try:
            text = await work(frame)
        except Refused as refused:
            text = self._refusal(frame.id, refused)
        except Exception as error:
            log.error("frame failed", error=type(error).__name__)
            text = self._refusal(frame.id, Refused(problems.INTERNAL))
        if self.line is not None:
            assert isinstance(frame.id, int)
            self.line.settle(frame.id, text)
        self._peer.answer(text)
        self._reveal(frame, text)

    async def _written(self, frame: frames.Lasting) -> str:
        """Return the answer to a vote or withdrawal once Kafka has it. Raises Refused."""
        if isinstance(frame, frames.Vote):
            answer = await self._ballots.vote(
                self._viewer, frame.poll_id, frame.choices, frame.playback_ms, host=self._host
            )
        else:
            assert isinstance(frame, frames.Withdraw)
            answer = await self._ballots.withdraw(self._viewer, frame.poll_id)
        return frames.ack(frame.id, answer)

    def _refusal(self, frame_id: frames.FrameId, refused: Refused) -> str:
        metrics.REFUSED.labels(refused.problem.name).inc()
        self._refusals.count(self._viewer.stream_id, refused.problem)
        return frames.error(frame_id, refused)

    def _reveal(self, frame: frames.Lasting, text: str) -> None:
        if isinstance(frame, frames.Vote) and frames.is_ack(text):
            self._peer.reveal(frame.poll_id)


async def _told(awaited: Awaited, settle_s: float, _frame: frames.Lasting) -> str:
    """Return the answer to a vote that is on its way to Kafka elsewhere, or from an earlier socket. Raises Refused."""
    await asyncio.wait([awaited], timeout=settle_s)
    text = awaited.result() if awaited.done() else None
    if text is None:
        raise Refused(problems.KAFKA_UNREACHABLE)
    return text
