"""Since when the history lacks something: marks of where a topic ended, held against how far the history has come."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from kafka import TopicPartition

Offsets = Mapping[TopicPartition, int]
MOST_MARKS = 512


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything that Kafka had at a time, in ms, is below these offsets."""

    at: int
    ends: Offsets

    def is_passed(self, positions: Offsets) -> bool:
        return all(positions.get(partition, 0) >= end for partition, end in self.ends.items())


class Marks:
    """The marks that the history has not come to yet, oldest first, in bounded memory.

    When there are too many, every other one is forgotten and new ones are taken half as often, so what is said of a
    lag is wrong by less than a hundredth of what it was at its longest.
    """

    def __init__(self) -> None:
        self._marks: deque[Mark] = deque()
        self._apart_ms = 0

    def __len__(self) -> int:
        return len(self._marks)

    def note(self, mark: Mark) -> None:
        """Add a mark that is newer than all others. One that says nothing new is not kept."""
        last = self._marks[-1] if self._marks else None
        if last is not None and (mark.ends == last.ends or mark.at - last.at < self._apart_ms):
            return
        self._marks.append(mark)
        if len(self._marks) > MOST_MARKS:
            self._apart_ms = 2 * (self._marks[-1].at - self._marks[0].at) // MOST_MARKS
            self._marks = deque(each for number, each in enumerate(self._marks) if number % 2 == 0)

    def behind_since(self, positions: Offsets) -> int | None:
        """Forget what the history has come to; return the time of the oldest mark that is left, None without one."""
        while self._marks and self._marks[0].is_passed(positions):
            self._marks.popleft()
        if not self._marks:
            self._apart_ms = 0
            return None
        return self._marks[0].at
