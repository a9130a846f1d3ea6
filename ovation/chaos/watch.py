"""Looks at screens and processes while a schedule runs: how long numbers stood still, and how much memory was used."""

import asyncio
import time
from collections.abc import Mapping

from ovation.audience.crowd import Crowd
from ovation.chaos.machine import Machine

LOOK_S = 0.05
MEMORY_LOOK_S = 1.0


class Watch:
    """`stood_still_s` is the longest time for which a watched stream's totals did not rise while it was tapped on."""

    def __init__(self, crowd: Crowd, machine: Machine) -> None:
        self._crowd = crowd
        self._machine = machine
        self.stood_still_s = 0.0
        self.memory_mb: dict[str, int] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        began = looked = time.perf_counter()
        while True:
            now = time.perf_counter()
            for stage in self._crowd.stages:
                for screen in stage.screens:
                    self.stood_still_s = max(self.stood_still_s, now - max(screen.rose_at, began))
            if now - looked > MEMORY_LOOK_S:
                looked = now
                self._note(await asyncio.to_thread(self._machine.memory_mb))
            await asyncio.sleep(LOOK_S)

    def _note(self, memory_mb: Mapping[str, int]) -> None:
        for name, used in memory_mb.items():
            self.memory_mb[name] = max(self.memory_mb.get(name, 0), used)


async def screens_move_again(crowd: Crowd) -> float:
    """Return the seconds until every screen shows a tap that was sent after this call."""
    began = time.perf_counter()
    sent = {stage.stream_id: stage.account.taps.sent for stage in crowd.stages}
    shown = [(sent[stage.stream_id], screen) for stage in crowd.stages for screen in stage.screens]
    while any(sum(screen.totals.values()) <= before for before, screen in shown):  # noqa: ASYNC110
        await asyncio.sleep(LOOK_S / 5)
    return time.perf_counter() - began
