"""Ends sockets whose token has ended: one look a second at those that are due, however many are open."""

import asyncio
import math
from collections.abc import Callable

from gateway.clock import Clock
from gateway.tasks import end

_LOOK_S = 1.0

Expire = Callable[[], None]


class Expiries:
    """Calls whoever waits for a time that has come, epoch seconds. Lives on the event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: dict[int, set[Expire]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="expiries")

    async def close(self) -> None:
        await end(self._task)

    def add(self, at_s: float, expire: Expire) -> None:
        """Call `expire` once `at_s` has come, and not before."""
        self._due.setdefault(math.ceil(at_s), set()).add(expire)

    def remove(self, at_s: float, expire: Expire) -> None:
        """Do not call it any more."""
        due = self._due.get(math.ceil(at_s))
        if due is not None:
            due.discard(expire)
            if not due:
                del self._due[math.ceil(at_s)]

    def look(self) -> None:
        """Call all whose time has come."""
        now_s = self._clock() / 1000
        for second in [second for second in self._due if second <= now_s]:
            for expire in self._due.pop(second):
                expire()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            self.look()
