"""What waits for one socket: answers in order, and for each thing shown only its newest state.

A slow screen so skips pictures instead of falling behind, and costs one message per slot, however long it is slow.
"""

import asyncio
from collections import deque

_ROOM_FOR_ANSWERS = 64


class Mailbox:
    """Bounded: one text per slot, and answers for which the reader of the socket finds `room` first."""

    def __init__(self) -> None:
        self._answers: deque[str] = deque()
        self._slots: dict[str, str] = {}
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def show(self, slot: str, text: str) -> None:
        """Put the newest state of a slot; an older one that still waits is replaced, and its place in line is kept."""
        self._slots[slot] = text
        self._filled.set()

    def show_all(self, slot: str, text: str) -> None:
        """Put the newest state of everything; whatever still waits in any slot is older."""
        self._slots.clear()
        self.show(slot, text)

    def answer(self, text: str) -> None:
        """Put the answer to a frame."""
        self._answers.append(text)
        if len(self._answers) >= _ROOM_FOR_ANSWERS:
            self._room.clear()
        self._filled.set()

    async def room(self) -> None:
        """Return when another frame may be read: who does not take answers is not asked for frames."""
        await self._room.wait()

    async def next(self) -> str:
        """Return the next message; wait for it if there is none."""
        while not self._answers and not self._slots:
            self._filled.clear()
            await self._filled.wait()
        if self._answers:
            text = self._answers.popleft()
            if len(self._answers) < _ROOM_FOR_ANSWERS:
                self._room.set()
            return text
        slot = next(iter(self._slots))
        return self._slots.pop(slot)
