"""What another gateway says of a session: at once, and of votes that wait for Kafka a little later."""

import asyncio

from gateway.resend.session import Answer, Awaited, Fate, Memory


class Heard:
    """The answer to one question, whole once it names nothing that is still awaited."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        """Set with the first answer."""
        self._memory: Memory | None = None
        self._waiting: dict[int, Awaited] = {}

    def take(self, memory: Memory | None) -> None:
        """Take an answer; None is that the session is not known."""
        if not self.told.is_set():
            self._memory = memory
            loop = asyncio.get_running_loop()
            self._waiting = {frame_id: loop.create_future() for frame_id in (memory.waiting if memory else ())}
            self.told.set()
            return
        for frame_id, awaited in self._waiting.items():
            if not awaited.done():
                awaited.set_result(memory.answers.get(frame_id) if memory else None)

    def give_up(self) -> None:
        """Wait for nothing more."""
        self.take(None)

    @property
    def is_whole(self) -> bool:
        return self.told.is_set() and all(awaited.done() for awaited in self._waiting.values())

    def find(self, frame_id: int) -> Answer | Fate:
        """Return how a frame was answered there, or what is known of it otherwise."""
        if self._memory is None:
            return Fate.UNKNOWN
        if frame_id in self._waiting:
            return self._waiting[frame_id]
        answer = self._memory.answers.get(frame_id)
        if answer is not None:
            return answer
        return Fate.UNKNOWN if frame_id <= self._memory.forgotten else Fate.NOT_TAKEN
