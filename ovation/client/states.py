"""How a live stream stands, and who waits for that to change."""

import asyncio
from collections.abc import Callable
from typing import Literal

State = Literal["connecting", "live", "reconnecting", "stopped"]


class Standing:
    """The state, and once it is `stopped` for a reason, that. `changed` is called at every change."""

    def __init__(self, changed: Callable[[State], None]) -> None:
        self.state: State = "connecting"
        self.failure: Exception | None = None
        self._changed = changed
        self._turn = asyncio.Event()

    def become(self, state: State, failure: Exception | None = None) -> None:
        """Change the state. What has stopped stays so."""
        if self.state in (state, "stopped"):
            return
        self.state, self.failure = state, failure
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()
        self._changed(state)

    async def until(self, *states: State) -> None:
        """Return when the state is one of these. Raises the reason when it has stopped for one."""
        while self.state not in states and self.state != "stopped":
            await self._turn.wait()
        if self.failure is not None:
            raise self.failure
