"""What came of one schedule: a line of `ovation chaos --record`."""

import msgspec


class Trial(msgspec.Struct, frozen=True):
    """What came of one schedule. `again_s` are the seconds from each fault's end until all screens moved, by its name.
    `right_again_s` is how long Redis lacked a number after it was emptied.

    `given_up` are taps and votes that failed in the end; the crowd tries again all but taps by HTTP that have no key.
    `in_doubt` are taps that nobody answered, or that a killed gateway had answered within a flush of its end; of them
    `lost` did not count. `maybe_twice` are taps that were sent again under their key across the moment at which Redis
    was emptied, which knew the keys. `ended` are processes that ended though no fault ended them.
    """

    seed: int
    schedule: str
    faults: list[str]
    broken: list[str]
    failed: str | None
    seconds: float
    taps: int
    votes: int
    in_doubt: int
    lost: int
    given_up: int
    stood_still_s: float
    again_s: dict[str, float]
    right_again_s: float | None
    settled_s: float | None
    memory_mb: dict[str, int]
    maybe_twice: int = 0
    ended: list[str] = []

    @property
    def good(self) -> bool:
        """Whether every promise held, and could be looked at."""
        return not self.broken and self.failed is None
