"""What waits for one connection whose peer is behind: answers in order, and for each thing shown only its newest state.

A slow screen so skips pictures instead of falling behind, and costs one message per slot, however long it is slow.
"""

from gateway import metrics
from gateway.live.message import Message, News

_ROOM_FOR_ANSWERS = 64


class Mailbox:
    """Bounded: one message per slot, and answers, for which no more frames are read once it `is_full`."""

    __slots__ = ("_answers", "_slots")

    def __init__(self) -> None:
        self._answers: list[Message] = []
        self._slots: dict[str, Message] = {}

    def show(self, news: News) -> None:
        """Put the newest state of some slots; an older one that waits is replaced, and its place in line is kept."""
        if news.is_whole:
            metrics.PICTURES_SKIPPED.inc(len(self._slots))
            self._slots.clear()
        else:
            metrics.PICTURES_SKIPPED.inc(len(self._slots.keys() & news.messages.keys()))
        self._slots.update(news.messages)

    def answer(self, message: Message) -> None:
        """Put the answer to a frame."""
        self._answers.append(message)

    @property
    def is_full(self) -> bool:
        """Whether so many answers wait that no more frames should be read."""
        return len(self._answers) >= _ROOM_FOR_ANSWERS

    @property
    def answers(self) -> list[Message]:
        """The answers that wait."""
        return self._answers

    def contents(self) -> list[Message]:
        """Return everything that waits, answers first."""
        return [*self._answers, *self._slots.values()]
