"""Processes with no more memory than a small machine has for them, by a control group of Linux, version 1 or 2.

What they keep of files counts there as well. The kernel takes that back first, and where it does not do, ends one of
them (docs.kernel.org/admin-guide/cgroup-v1/memory.html, docs.kernel.org/admin-guide/cgroup-v2.html).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Version(NamedTuple):
    """Where groups are made, and what its files are called."""

    root: Path
    most: str
    with_swap: str
    with_swap_is_more: bool
    peak: str
    events: str


_ROOT = Path("/sys/fs/cgroup")
_FIRST = Version(
    _ROOT / "memory",
    "memory.limit_in_bytes",
    "memory.memsw.limit_in_bytes",
    True,
    "memory.max_usage_in_bytes",
    "memory.oom_control",
)
_SECOND = Version(_ROOT, "memory.max", "memory.swap.max", False, "memory.peak", "memory.events")


@dataclass(frozen=True, slots=True)
class SmallMachine:
    """A group that is there. Who is started `inside` stays in it."""

    version: Version
    folder: Path

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be in it meanwhile. The kernel ends the largest of a group, which may then be this process."""
        before = _group_of_this_process(self.version)
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        try:
            yield
        finally:
            (before / "cgroup.procs").write_text(str(os.getpid()))

    @property
    def most_mb(self) -> int:
        """The most that it held at any moment, with files."""
        return int((self.folder / self.version.peak).read_text()) >> 20

    @property
    def ended(self) -> int:
        """How many of its processes the kernel has ended for want of memory."""
        lines = (self.folder / self.version.events).read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


@contextmanager
def small_machine(mb: int) -> Iterator[SmallMachine | None]:
    """Make a group of `mb` megabytes, and take it away when all in it have ended. None where we may not make one."""
    version = _FIRST if _FIRST.root.exists() else _SECOND
    folder = version.root / f"small-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        yield None
        return
    try:
        yield SmallMachine(version, folder) if _limit(version, folder, mb) else None
    finally:
        folder.rmdir()


def _limit(version: Version, folder: Path, mb: int) -> bool:
    try:
        (folder / version.most).write_text(str(mb << 20))
        if (folder / version.with_swap).exists():
            (folder / version.with_swap).write_text(str(mb << 20) if version.with_swap_is_more else "0")
    except OSError:  # Version 2, where memory is not handed down to groups below.
        return False
    return True


def _group_of_this_process(version: Version) -> Path:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if ("memory" in controllers.split(",")) if version is _FIRST else not controllers:
            return version.root / path.lstrip("/")
    return version.root
