"""How long to wait before another try: longer each time, and never at the same moment as everybody else."""

import random

FIRST_S = 0.1
LONGEST_S = 2.0


class Backoff:
    """Full jitter: a random time below a bound that doubles, as in https://aws.amazon.com/builders-library/."""

    def __init__(self, choose: random.Random) -> None:
        self._choose = choose
        self._bound_s = FIRST_S

    def next(self) -> float:
        """Return the seconds to wait now."""
        wait_s = self._choose.uniform(0, self._bound_s)
        self._bound_s = min(self._bound_s * 2, LONGEST_S)
        return wait_s

    def reset(self) -> None:
        """Begin again, after a success."""
        self._bound_s = FIRST_S
