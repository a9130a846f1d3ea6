"""One limit: so many a second for each caller, and so many at once.

GCRA, the generic cell rate algorithm, of the library `throttled`: in any time t, no more than burst + rate x t is let
through, and what was refused costs nothing.
"""

import math

from throttled.rate_limiter.gcra import MemoryLimitActionLogic
from throttled.types import StoreValueT

from gateway import problems
from gateway.limits.callers import Callers
from gateway.refusal import Refused

MAX_CALLERS = 50_000
_ROUNDING = 1e-3
"""Of one request or tap. The library counts in floating point, and its last bit must not cost a whole one."""


class _Gcra(MemoryLimitActionLogic):
    """The library's algorithm without its lock: a gateway has one thread for this, and every tap passes four limits."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    def take(self, caller: str, rule: tuple[StoreValueT, ...]) -> tuple[int, int, float, float]:
        """Return whether it was refused, what is left, and the seconds until all is and until this would be taken."""
        return self._do(self._callers, (caller,), rule)


class Limit:
    """Lets `per_s` a second through for each caller, of which `burst_s` seconds' worth may come at once. 0 is no limit.

    `name` is that of the policy in `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
    """

    def __init__(self, name: str, per_s: int, burst_s: int, max_callers: int = MAX_CALLERS) -> None:
        self._name = name
        self._per_s = per_s
        self._burst_s = burst_s
        self._burst = per_s * burst_s
        self._interval_s = 1 / per_s if per_s else 0.0
        self._gcra = _Gcra(Callers(max_callers))
        self._one = (self._interval_s, self._burst, 1)

    def take(self, caller: str) -> None:
        """Let one through. Raises Refused, which says how long to wait."""
        if self._per_s:
            limited, _, used_s, retry_s = self._gcra.take(caller, self._one)
            if limited and not self._take_room(caller, 1, used_s):
                raise self._refused(retry_s)

    def take_up_to(self, caller: str, wanted: int) -> int:
        """Let as many of `wanted` through as there is room for, and return how many."""
        if not self._per_s:
            return wanted
        limited, _, used_s, _ = self._gcra.take(caller, (self._interval_s, self._burst, wanted))
        return self._take_room(caller, wanted, used_s) if limited else wanted

    def _take_room(self, caller: str, wanted: int, used_s: float) -> int:
        """Let as many through as there is room for where not all of `wanted` are, and return how many."""
        room = min(wanted, math.floor(self._burst - used_s * self._per_s + _ROUNDING))
        if room <= 0:
            return 0
        # One more than the burst is for the rounding; `room` is what there is.
        self._gcra.take(caller, (self._interval_s, self._burst + 1, room))
        return room

    def _refused(self, retry_s: float) -> Refused:
        # More than enough, so that who waits as long is let in.
        wait_s = int(retry_s) + 1
        return Refused(
            problems.RATE_LIMITED,
            f"The limit `{self._name}` is {self._per_s} a second, and {self._burst} at once.",
            retry_after_s=wait_s,
            headers={
                "ratelimit": f'"{self._name}";r=0;t={wait_s}',
                # Who keeps to q in w seconds is never refused.
                "ratelimit-policy": f'"{self._name}";q={self._burst};w={self._burst_s}',
            },
        )
