"""Processor time of a TaskManager, its Python workers, and of what the JVM does beside the job's own work."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.last_mile.usage import cpu_s
from local.processes import descendants

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
TICK_S = 1 / _TICKS_PER_S
"""In what the system counts processor time."""
_JIT = ("C1 CompilerThre", "C2 CompilerThre")
_GC = ("G1 ", "GC Thread", "ParGC", "VM Thread")


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of processor time. `jit` and `gc` are within `jvm`."""

    jvm: float
    python: float
    jit: float
    gc: float

    @property
    def all(self) -> float:
        return self.jvm + self.python

    def measurable(self) -> "Usage":
        """Return the same, but no less than the system can measure, so that it can be divided by."""
        return Usage(max(self.jvm, TICK_S), self.python, self.jit, self.gc)

    def __sub__(self, other: Self) -> "Usage":
        return Usage(self.jvm - other.jvm, self.python - other.python, self.jit - other.jit, self.gc - other.gc)


def usage(taskmanager: int) -> Usage:
    """Return what the TaskManager with this process id and its workers have used."""
    python = 0.0
    for worker in descendants(taskmanager):
        with suppress(FileNotFoundError, ProcessLookupError):
            python += cpu_s(worker)
    threads = _threads(taskmanager)
    return Usage(
        cpu_s(taskmanager),
        python,
        sum(seconds for name, seconds in threads if name.startswith(_JIT)),
        sum(seconds for name, seconds in threads if name.startswith(_GC)),
    )


def _threads(pid: int) -> list[tuple[str, float]]:
    """Return the name of each thread of a process, and its seconds."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            head, _, tail = (task / "stat").read_text().rpartition(")")
            fields = tail.split()
            found.append((head.partition("(")[2], (int(fields[11]) + int(fields[12])) / _TICKS_PER_S))
    return found
