"""What one viewer says on its socket: which frames are taken at all, and when it has said enough."""

import asyncio
from collections.abc import Callable

import structlog

from gateway import problems
from gateway.auth import Viewer
from gateway.clock import Clock
from gateway.live import frames
from gateway.live.answers import Answers
from gateway.live.closing import close_for
from gateway.live.expiry import Expiries
from gateway.live.peer import Peer
from gateway.live.strikes import Strikes
from gateway.problems import Problem
from gateway.refusal import Refused
from gateway.resend.line import Line

log = structlog.get_logger(__name__)

_BAD_FRAMES = (20, 60.0)
"""Unreadable, unknown or misordered frames in so many seconds: a client that sends more will not learn any better."""
_TOO_MANY_FRAMES = (200, 10.0)
"""Frames refused for their number in so many seconds: no thumb does that, and who does was told to wait."""


class Conversation:
    """Takes the frames of one viewer. `admit` is asked for each, and raises Refused where it is one too many."""

    __slots__ = (
        "_admit", "_answers", "_bad", "_clock", "_expiries", "_is_over", "_line", "_peer", "_recalling", "_refused",
        "_viewer",
    )  # fmt: skip

    def __init__(
        self,
        viewer: Viewer,
        peer: Peer,
        answers: Answers,
        *,
        admit: Callable[[Viewer], None],
        clock: Clock,
        expiries: Expiries,
    ) -> None:
        self._viewer = viewer
        self._peer = peer
        self._answers = answers
        self._admit = admit
        self._clock = clock
        self._expiries = expiries
        self._line: Line | None = None
        self._is_over = False
        self._recalling: asyncio.Task[None] | None = None
        self._bad: Strikes | None = None
        self._refused: Strikes | None = None
        expiries.add(viewer.expires_at, self._expire)

    def join(self, line: Line) -> None:
        """Let this be the connection of a session."""
        self._line = self._answers.line = line

    def take(self, raw: str | bytes) -> None:
        """Take a frame; it is answered, now or later. None comes before the socket is told to `go_on`."""
        if self._is_over:
            return
        try:
            self._admit(self._viewer)
        except Refused as refused:
            self._answers.refuse(frames.read_id(raw), refused)
            self._refused = self._strike(self._refused, _TOO_MANY_FRAMES, problems.TOO_MANY_FRAMES)
            return
        try:
            frame = frames.read(raw)
            self._check_place(frame)
        except Refused as refused:
            self._answers.refuse(frames.read_id(raw), refused)
            self._bad = self._strike(self._bad, _BAD_FRAMES, problems.BAD_FRAMES)
            return
        if self._viewer.expires_at * 1000 <= self._clock():
            self._answers.refuse(frame.id, Refused(problems.EXPIRED_TOKEN))
        elif isinstance(frame, frames.Lasting) and frame.sent_to and self._line is not None:
            self._take_again(frame, frame.sent_to, self._line)
        else:
            self._answers.take(frame)

    def fence(self) -> None:
        """Take no further frame: the session goes on over another connection."""
        self._hang_up(problems.RESUMED_ELSEWHERE)

    def close(self) -> None:
        """Learn that the socket is closed."""
        if self._line is not None:
            self._line.close()
        self._end()
        self._answers.close()

    def _check_place(self, frame: frames.Frame) -> None:
        """Raise Refused for a frame that has no place in the session. Without a session any id will do."""
        if not isinstance(frame, frames.Lasting):
            return
        if self._line is None:
            if frame.sent_to:
                raise Refused(problems.INVALID_FIELD, "The socket was opened without a `session`.", "sent_to")
        elif not isinstance(frame.id, int) or frame.id < 0:
            raise Refused(problems.INVALID_FIELD, "In a session an id is a number from 0.", "id")
        elif not self._line.follows(frame.id, again=bool(frame.sent_to)):
            raise Refused(problems.WRONG_ORDER, field="id")

    def _take_again(self, frame: frames.Lasting, sent_to: list[str], line: Line) -> None:
        unheard = line.unheard(sent_to)
        if unheard:
            # What comes behind waits, or a vote could overtake the one that it changes.
            self._peer.hold()
            self._recalling = asyncio.create_task(self._recall(frame, sent_to, line, unheard))
        else:
            self._answers.take_again(frame, sent_to, line)

    async def _recall(self, frame: frames.Lasting, sent_to: list[str], line: Line, unheard: list[str]) -> None:
        try:
            await line.hear(unheard)
            self._answers.take_again(frame, sent_to, line)
        except Exception as error:
            log.error("frame failed", error=type(error).__name__)
            self._answers.refuse(frame.id, Refused(problems.INTERNAL))
        self._recalling = None
        self._peer.go_on()

    def _strike(self, strikes: Strikes | None, most: tuple[int, float], problem: Problem) -> Strikes:
        strikes = strikes or Strikes(*most)
        if strikes.strike():
            self._hang_up(problem)
        return strikes

    def _expire(self) -> None:
        self._hang_up(problems.EXPIRED_TOKEN)

    def _hang_up(self, problem: Problem) -> None:
        if not self._is_over:
            self._end()
            self._peer.close(*close_for(problem))

    def _end(self) -> None:
        """Take nothing any more, also not what is being asked about."""
        self._is_over = True
        self._expiries.remove(self._viewer.expires_at, self._expire)
        if self._recalling is not None:
            self._recalling.cancel()
            self._recalling = None
