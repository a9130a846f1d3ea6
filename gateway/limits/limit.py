"""One limit: so many a second for each caller, and so many at once.

GCRA, the generic cell rate algorithm (ITU-T I.371, appendix I), as a virtual queue: of each caller it is remembered
until when what it was let through would have taken at the rate. In any time t, no more than burst + rate x t is let
through, and what was refused costs nothing.
"""

import math
from time import monotonic

from gateway import problems
from gateway.limits.callers import Callers
from gateway.refusal import Refused

MAX_CALLERS = 50_000
_ROUNDING = 1e-3
"""Of one request or tap: a floating-point number's last bit must not cost a whole one."""


class Limit:
    """Lets `per_s` a second through for each caller, of which `burst_s` seconds' worth may come at once. 0 is no limit.

    `name` is that of the policy in `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
    """

    def __init__(self, name: str, per_s: int, burst_s: int, max_callers: int = MAX_CALLERS) -> None:
        self._name = name
        self._per_s = per_s
        self._burst_s = burst_s
        self._interval_s = 1 / per_s if per_s else 0.0
        self._most_s = burst_s + _ROUNDING * self._interval_s
        self._busy_until = Callers(max_callers)

    def take(self, caller: str) -> None:
        """Let one through. Raises Refused, which says how long to wait."""
        if self._per_s:
            now, until = monotonic(), self._busy_until.get(caller)
            until = (until if until > now else now) + self._interval_s
            if until - now > self._most_s:
                raise self._refused(until - now - self._burst_s)
            self._busy_until.set(caller, until)

    def take_up_to(self, caller: str, wanted: int) -> int:
        """Let as many of `wanted` through as there is room for, and return how many."""
        if not self._per_s:
            return wanted
        now, until = monotonic(), self._busy_until.get(caller)
        until = until if until > now else now
        room = math.floor((self._most_s - (until - now)) * self._per_s)
        taken = wanted if wanted < room else room
        if taken <= 0:
            return 0
        self._busy_until.set(caller, until + taken * self._interval_s)
        return taken

    def _refused(self, retry_s: float) -> Refused:
        # More than enough, so that who waits as long is let in.
        wait_s = int(retry_s) + 1
        burst = self._per_s * self._burst_s
        return Refused(
            problems.RATE_LIMITED,
            f"The limit `{self._name}` is {self._per_s} a second, and {burst} at once.",
            retry_after_s=wait_s,
            headers={
                "ratelimit": f'"{self._name}";r=0;t={wait_s}',
                # Who keeps to q in w seconds is never refused.
                "ratelimit-policy": f'"{self._name}";q={burst};w={self._burst_s}',
            },
        )
