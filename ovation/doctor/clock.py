"""Whether the parts agree on the time."""

from collections.abc import Callable
from dataclasses import dataclass

from ovation.doctor.finding import Finding, warning

MOST_APART_S = 2.0
"""Of which one is the gateway's, whose answers say whole seconds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a part's clock said, in seconds since the epoch, somewhere between two looks at ours."""

    theirs: float
    before: float
    after: float

    @property
    def ahead_s(self) -> float:
        """How far it is ahead of ours at least; negative when it is behind."""
        return max(0.0, self.theirs - self.after) + min(0.0, self.theirs - self.before)


def read(ask: Callable[[], float], ours: Callable[[], float]) -> Reading:
    """Return what `ask` says of the time, between two looks at `ours`."""
    before = ours()
    theirs = ask()
    return Reading(theirs, before, ours())


def compare(part: str, reading: Reading) -> list[Finding]:
    """Return what is wrong with a part's clock."""
    if abs(reading.ahead_s) <= MOST_APART_S:
        return []
    direction = "ahead of" if reading.ahead_s > 0 else "behind"
    return [
        warning(
            part,
            f"Its clock is {abs(reading.ahead_s):.1f} s {direction} this machine's.",
            "Taps land in the wrong window, polls close early or late, and tokens end too soon or too late.",
            "timedatectl set-ntp true    # on whichever machine is wrong; `chronyc tracking` shows it",
        )
    ]
