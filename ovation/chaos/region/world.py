"""The stacks of two regions, one of which can be lost at once and come back."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import processes
from local.parts import PROCESSES
from local.regions import settings_of, share_secrets
from local.settings import StackSettings
from local.stack import Stack
from local.supervisor import Supervisor
from ovation.chaos.kept_logs import keep_logs
from ovation.embedded import addresses_of
from ovation.take_down import take_down
from ovation.up import start

KEPT, LOST = "eu", "us"
"""The region that goes on, and the one that is lost."""


class World:
    """Both stacks, by the names of their regions."""

    def __init__(self, settings: list[StackSettings]) -> None:
        self._settings = {each.region: each for each in settings}
        self.stacks = {each.region: Stack(each) for each in settings}

    @property
    def urls(self) -> dict[str, str]:
        """Where viewers reach each region."""
        return {region: settings.gateway_url for region, settings in self._settings.items()}

    @property
    def api_key(self) -> str:
        """The development key, which is the same in both."""
        return addresses_of(self._settings[KEPT]).api_key.get_secret_value()

    def lose(self) -> None:
        """End every process of a region at once, its supervisor too, as when its machines are gone. Its disks stay."""
        supervisor = Supervisor(self._settings[LOST].paths).pid()
        # The supervisor first, which would start the others again. Redis hides its environment, by which a process of a
        # stack is known otherwise.
        children = processes.descendants(supervisor)
        processes.end([supervisor, *children])
        while left := processes.marked(self._settings[LOST].data_dir):
            processes.end(left)

    def bring_back(self) -> None:
        """Start the lost region again on its disks. Raises OvationError."""
        self.stacks[LOST] = Stack(self._settings[LOST])
        start(self.stacks[LOST], PROCESSES, jobs=True)

    def keep_logs(self) -> Path:
        """Copy what every process has said so far, and return where to: the folders of the regions go with the run."""
        return keep_logs(self._settings)


@contextmanager
def two_regions() -> Iterator[World]:
    """Start both in a folder that goes with them, and end them behind the block. Raises OvationError."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="ovation-regions-") as folder:
        settings = settings_of([KEPT, LOST], Path(folder), ephemeral_ports=True)
        share_secrets(settings)
        world = World(settings)
        try:
            for stack in world.stacks.values():
                start(stack, PROCESSES, jobs=True)
            yield world
        finally:
            for stack in world.stacks.values():
                take_down(stack)
