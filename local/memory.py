"""Memory of processes and of the machine, as Linux tells it. Where there is no /proc, nothing is known of it."""

from collections.abc import Iterable

from local.processes import PROC

MB = 1024
"""Kilobytes in what is called MB here."""


def used_mb(pids: Iterable[int]) -> int | None:
    """Return the memory of `pids` together, or None where the system does not tell that of any.

    What several processes share counts once, a part of it with each (proportional set size): so parts add up.
    """
    found = [kb for pid in pids if (kb := _field(f"{pid}/smaps_rollup", "Pss")) is not None]
    return round(sum(found) / MB) if found else None


def available_mb() -> int | None:
    """Return how much the machine could give to new processes, or None where it does not say."""
    kb = _field("meminfo", "MemAvailable")
    return None if kb is None else kb // MB


def _field(file: str, name: str) -> int | None:
    """Return the number behind `NAME:` in a file of /proc, None when it is not there or another user's."""
    try:
        lines = (PROC / file).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), None)
