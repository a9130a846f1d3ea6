"""What was said and is not answered yet, in its order. It knows no socket and no clock of its own.

A frame that was sent and not answered is sent again on the next connection, under the same id and with the names of the
gateways that had it before, which answer as they did the first time. Where that cannot be said, a vote is sent all the
same, for it counts once however often it arrives, and taps are not: they may have counted.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator

from ovation.client import frames
from ovation.client.errors import NotSentError, QueueFullError, UnansweredError

IN_FLIGHT = 16
"""Frames that wait for an answer at once: a gateway remembers the answers to so many."""
MAX_SENT_TO = 8
"""Gateways that a frame can name."""


class Sending:
    """One frame on its way. `answer` gets what came of it: the message that says yes, or a CallError."""

    __slots__ = ("answer", "doubts_s", "frame", "since_s", "tries_s", "untraced")

    def __init__(self, frame: frames.Frame, answer: "asyncio.Future[frames.Message]") -> None:
        self.frame = frame
        self.answer = answer
        self.since_s = time.perf_counter()
        """When it was put into the outbox."""
        self.tries_s: tuple[float, ...] = ()
        """When it was sent under its present id, by `time.perf_counter`: of several tries, one is answered."""
        self.doubts_s: tuple[float, ...] = ()
        """When it was sent under an id whose answer left open whether it was taken."""
        self.untraced = False
        """Whether it was sent to a gateway whose name is not known."""

    @property
    def is_taps(self) -> bool:
        return type(self.frame) is frames.React

    @property
    def choices(self) -> tuple[str, ...]:
        """Those of a vote; a withdrawal has none."""
        return tuple(self.frame.choices) if isinstance(self.frame, frames.Vote) else ()

    @property
    def may_have_arrived(self) -> bool:
        """Whether a gateway may have taken it. If not, nobody ever will."""
        return bool(self.tries_s or self.doubts_s)

    def fail(self, error: BaseException) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    def give_up(self, why: str) -> None:
        """Fail it without an answer."""
        self.fail(UnansweredError(why) if self.may_have_arrived else NotSentError(why))


class Outbox:
    """Bounded: holds at most `room` frames."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._last_id = 0
        self._all: dict[int, Sending] = {}
        self._unsent: deque[Sending] = deque()
        self._edge: str | None = None
        self._only_edge: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Sending]:
        return iter(self._all.values())

    @property
    def has_unsent(self) -> bool:
        return bool(self._unsent)

    def add(self, sending: Sending) -> None:
        """Put a frame last. Raises QueueFullError."""
        if len(self._all) >= self._room:
            raise QueueFullError(f"{self._room:,} frames wait for an answer, and no more are kept.")
        self._number(sending)

    def again(self, sending: Sending, maybe_taken: bool) -> None:
        """Put a frame last that was answered, with a no that passes: to the gateway it is a new one."""
        sending.doubts_s += sending.tries_s if maybe_taken else sending.tries_s[:-1]
        sending.tries_s = ()
        sending.frame.sent_to = ()
        sending.untraced = False
        self._number(sending)

    def keep(self, sending: Sending) -> None:
        """Keep a frame, to be sent again as what it is on the next connection."""
        self._all[sending.frame.id] = sending

    def next(self) -> bytes | None:
        """Return the next frame to send now, if there is one."""
        unsent = self._unsent
        while unsent and len(self._all) - len(unsent) < IN_FLIGHT:
            sending = unsent.popleft()
            if sending.answer.done():  # Whoever sent it does not wait any more.
                self._all.pop(sending.frame.id, None)
                continue
            text = frames.encode(sending.frame)
            sending.tries_s += (time.perf_counter(),)
            if self._edge is None:
                sending.untraced = True
            elif not sending.frame.sent_to:
                sending.frame.sent_to = self._only_edge
            else:
                _note_edge(sending.frame, self._edge)
            return text
        return None

    def answered(self, frame_id: int) -> Sending | None:
        """Take a frame out; None if nobody waits for its answer."""
        sending = self._all.pop(frame_id, None)
        return None if sending is None or sending.answer.done() else sending

    def drop(self, sending: Sending) -> None:
        """Forget a frame."""
        self._all.pop(sending.frame.id, None)

    def connected(self, edge: str | None) -> None:
        """Begin again with everything, in its order, on a connection to the gateway `edge`, None if it has no name."""
        self._edge, self._only_edge = edge, () if edge is None else (edge,)
        self._all = dict(sorted(self._all.items()))
        for sending in list(self._all.values()):
            if sending.tries_s and sending.is_taps and not self._is_traced(sending):
                self.drop(sending)
                sending.give_up("The connection broke before the answer to these taps, and no gateway can give it now.")
            sending.frame.sent_to = sending.frame.sent_to[:MAX_SENT_TO]
        self._unsent = deque(self._all.values())

    def named(self, edge: str) -> None:
        """Learn the name of the gateway late."""
        self._edge, self._only_edge = edge, (edge,)
        for sending in self._in_flight():
            sending.untraced = False
            _note_edge(sending.frame, edge)

    def overdue(self, sent_before_s: float) -> bool:
        """Return whether a frame was last sent before this time of `time.perf_counter` and is not answered yet."""
        return any(each.tries_s and each.tries_s[-1] < sent_before_s for each in self._in_flight())

    def expire_taps(self, since_before_s: float) -> None:
        """Give up taps that have waited for their answer since before this time of `time.perf_counter`."""
        for sending in list(self._all.values()):
            if sending.answer.done():
                self.drop(sending)
            elif sending.is_taps and sending.since_s < since_before_s:
                self.drop(sending)
                sending.give_up("These taps waited for a gateway until they meant nothing any more.")
        self._unsent = deque(each for each in self._unsent if each.frame.id in self._all)

    def empty(self) -> list[Sending]:
        """Take everything out."""
        everything = list(self._all.values())
        self._all.clear()
        self._unsent.clear()
        return everything

    def _number(self, sending: Sending) -> None:
        self._last_id = sending.frame.id = self._last_id + 1
        self._all[self._last_id] = sending
        self._unsent.append(sending)

    def _in_flight(self) -> Iterator[Sending]:
        unsent = {each.frame.id for each in self._unsent}
        return (each for frame_id, each in self._all.items() if frame_id not in unsent)

    def _is_traced(self, sending: Sending) -> bool:
        return self._edge is not None and not sending.untraced and len(sending.frame.sent_to) <= MAX_SENT_TO


def _note_edge(frame: frames.Frame, edge: str) -> None:
    if edge not in frame.sent_to:
        frame.sent_to = (*frame.sent_to, edge)
