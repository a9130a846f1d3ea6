"""What a gateway remembers of one session: the last frames that it took, and how it answered them.

Every frame it is asked about has a certain fate: its answer is here, or it was never taken, or it is too long ago to
say. Nothing is guessed, because taps count every time that they are taken.
"""

import asyncio
import zlib
from enum import Enum
from typing import Protocol

import msgspec

KEPT_ANSWERS = 16
"""More than a client has unanswered at once."""


class Fate(Enum):
    """What became of a frame that has no answer here."""

    NOT_TAKEN = "not taken"
    UNKNOWN = "unknown"


Awaited = asyncio.Future[str | None]
"""The answer to a vote that still waits for Kafka; None if it cannot be had any more."""
Answer = str | Awaited


class Holder(Protocol):
    """The connection that a session has just now."""

    def fence(self) -> None:
        """Take no further frame: the session goes on elsewhere."""


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """What a session remembers, as other gateways are told: answers by id, and ids whose answer is still awaited."""

    forgotten: int
    answers: dict[int, str]
    waiting: list[int]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[int, str])


class Session:
    """One session at one gateway. `birth` tells it from a session of the same name that was forgotten before.

    Its answers are packed while no connection holds it, because a crowd that has left is large.
    """

    __slots__ = ("_answers", "_forgotten", "_packed", "birth", "holder", "last_id")

    def __init__(self, birth: int, holder: Holder | None = None) -> None:
        self.birth = birth
        self.holder = holder
        self.last_id = -1
        """The largest id that was taken."""
        self._forgotten = -1
        """The largest id whose answer was given up."""
        self._answers: dict[int, Answer] | None = None
        self._packed: bytes | None = None

    def find(self, frame_id: int) -> Answer | Fate:
        """Return how a frame was answered, or what is known of it otherwise."""
        answer = self._unpacked().get(frame_id)
        if answer is not None:
            return answer
        return Fate.UNKNOWN if frame_id <= self._forgotten else Fate.NOT_TAKEN

    def keep(self, frame_id: int, answer: Answer) -> None:
        """Remember how a frame is answered, from the moment that it is taken."""
        answers = self._unpacked()
        answers[frame_id] = answer
        self.last_id = max(self.last_id, frame_id)
        if len(answers) > KEPT_ANSWERS:
            oldest = next(iter(answers))
            del answers[oldest]
            self._forgotten = max(self._forgotten, oldest)

    def settle(self, frame_id: int, text: str) -> None:
        """Give a frame that waited for Kafka its answer."""
        answers = self._unpacked()
        waiting = answers.get(frame_id)
        if isinstance(waiting, asyncio.Future):
            answers[frame_id] = text
            if not waiting.done():
                waiting.set_result(text)

    def waiting(self) -> list[Awaited]:
        """Return the answers that are still awaited."""
        # What is packed awaits nothing.
        return [answer for answer in (self._answers or {}).values() if isinstance(answer, asyncio.Future)]

    def memory(self) -> Memory:
        """Return everything that is remembered."""
        answers = self._unpacked()
        given = {frame_id: text for frame_id, text in answers.items() if isinstance(text, str)}
        return Memory(self._forgotten, given, [frame_id for frame_id in answers if frame_id not in given])

    def pack(self) -> None:
        """Need little room. What is asked for afterwards is unpacked again."""
        if self._answers and not self.waiting():
            # Answers differ in little more than their ids.
            self._packed = zlib.compress(_encoder.encode(self._answers), 1)
            self._answers = None

    def _unpacked(self) -> dict[int, Answer]:
        if self._answers is None:
            self._answers = {}
            if self._packed is not None:
                self._answers.update(_decoder.decode(zlib.decompress(self._packed)))
                self._packed = None
        return self._answers
