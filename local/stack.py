"""One embedded stack: its parts, started, watched and stopped through its supervisor."""

import json
import threading
import time
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from local import checks, processes
from local.errors import StackError
from local.part import Part
from local.parts import all_parts
from local.settings import StackSettings
from local.supervisor import Supervisor
from local.supervisor_config import render
from ovation.data_dir import stack_file

READY_S = 90.0
MAX_STARTS = 3
"""Starts of a part that ends before it is ready, after which no more are waited for."""
POLL_S = 0.1
LEFTOVERS_S = 5.0
"""How long processes without a parent may take to notice that they are alone."""


class Stack:
    """The stack in one data folder, whether it runs or not."""

    def __init__(self, settings: StackSettings) -> None:
        self.supervisor = Supervisor(settings.paths)
        self._stopping = threading.Event()
        self.was_up = self.supervisor.is_up()
        self.settings = _running_settings(settings) if self.was_up else settings

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Every process by its name, who is needed before who needs it."""
        return {part.name: part for part in all_parts(self.settings)}

    def open(self, names: Collection[str]) -> None:
        """Check that the parts `names` can start, and start the supervisor if it does not run.

        Raises StackError with what is missing, taken or full.
        """
        paths = self.settings.paths
        checks.check_installed()
        checks.check_disk(self.settings.data_dir)
        if not self.was_up and processes.marked(self.settings.data_dir):
            raise StackError(
                "Processes of an earlier stack are left without their supervisor: end them with `ovation down`."
            )
        if set(names) >= set(self.parts) and not self.was_up:
            checks.check_memory(self.settings.memory_mb)
        checks.check_ports(part for name, part in self.parts.items() if name in names and not self.is_running(name))
        if self.was_up:
            return
        paths.create()
        paths.supervisor_config.write_text(render(self.parts.values(), self.settings), encoding="utf-8")
        paths.supervisor_config.chmod(0o600)
        paths.settings.write_text(self.settings.model_dump_json(), encoding="utf-8")
        self.supervisor.launch()
        stack_file(self.settings.data_dir).write_text(json.dumps(self.settings.addresses()), encoding="utf-8")

    def start(self, name: str) -> None:
        """Start one part and wait until it is ready.

        Raises StackError when it does not get there, with the last line of its log.
        """
        part, log = self.parts[name], self.settings.paths.log(name)
        if not self.is_running(name):
            part.prepare()
            self.supervisor.start(name)
        deadline = time.monotonic() + READY_S
        seen: set[int] = set()
        while not part.ready():
            seen.update(pid for other, pid in self.supervisor.pids().items() if other == name)
            if len(seen) > MAX_STARTS:
                raise StackError(f"{name} ends as often as it is started; {_last_words(log)}")
            if self._stopping.is_set():
                raise StackError(f"{name} was stopped before it was ready.")
            if time.monotonic() > deadline:
                raise StackError(f"{name} was not ready after {READY_S:.0f} s; {_last_words(log)}")
            time.sleep(POLL_S)

    def is_running(self, name: str) -> bool:
        """Return whether the process of a part is there, ready or not."""
        return name in self.supervisor.pids()

    def stop(self, report: Callable[[str], None]) -> None:
        """Stop every part, who needs others first, then the supervisor, and wait until no process is left.

        A `start` that still waits in another thread gives up.
        """
        self._stopping.set()
        if self.supervisor.is_up():
            for name in reversed(self.parts):
                if self.is_running(name):
                    self.supervisor.stop(name)
                    report(name)
            self.supervisor.shut_down()
        _end(self.settings)
        stack_file(self.settings.data_dir).unlink(missing_ok=True)


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
    return f"its log {log} ends with: {last}"


def _running_settings(settings: StackSettings) -> StackSettings:
    """Return the settings that the running stack in the same data folder was started with."""
    try:
        return StackSettings.model_validate_json(settings.paths.settings.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        pid = Supervisor(settings.paths).pid()
        raise StackError(
            f"{settings.paths.settings} cannot be read: end process {pid}, and start the stack again."
        ) from error


def _end(settings: StackSettings) -> None:
    """Wait for the processes of a stack to end, and end those that do not."""
    deadline = time.monotonic() + LEFTOVERS_S
    while left := processes.marked(settings.data_dir):
        if time.monotonic() > deadline:
            processes.end(left)
        time.sleep(POLL_S)
