"""Waits until every gateway says that the result is final."""

import asyncio
import time

from ovation.audience.voters.place import Place
from ovation.client import answers
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient

POLL_S = 0.25


class Finals:
    """What each gateway shows of a poll, by its place among them, from the first look on."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.shown: dict[int, answers.Poll] = {}
        self.reached = 0
        """Gateways that say `final`."""

    async def wait(self, patience_s: float) -> bool:
        """Return whether all of them say `final` within `patience_s`.

        Raises the CallError of a gateway that never answered.
        """
        gateways = enumerate(self._place.gateways)
        deadline = time.monotonic() + patience_s
        return all(await asyncio.gather(*(self._watch(index, gateway, deadline) for index, gateway in gateways)))

    async def _watch(self, index: int, gateway: GatewayClient, deadline: float) -> bool:
        while True:
            try:
                poll = self.shown[index] = await gateway.poll(self._place.stream_id, self._place.poll_id)
            except CallError as error:
                if not error.is_temporary or (time.monotonic() > deadline and index not in self.shown):
                    raise
            else:
                if poll.is_final:
                    self.reached += 1
                    return True
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(POLL_S)
