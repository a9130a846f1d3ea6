"""The mark that gateways leave in a Redis: which of its processes was filled, when, and how far they have got."""

from dataclasses import dataclass, replace
from typing import Self

AGAIN_AFTER_MS = (3_000, 15_000)
"""When it is filled again after it was noticed: the history is a second or two behind, and later after a crash."""
_TICK_MS = 2_000
"""By how much the history's lag may be smaller than it is: it is looked at once a second."""
_WHOLE = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """`process` of Redis was noticed at `noticed_ms`, and filled `passes` times since; -1 is as often as it takes."""

    process: str
    noticed_ms: int
    passes: int = 0

    @classmethod
    def read(cls, text: bytes | None) -> Self | None:
        """Return what was written, or None where nothing was."""
        if text is None:
            return None
        process, *rest = text.decode(errors="replace").split(" ")
        try:
            noticed_ms, passes = map(int, rest)
        except ValueError:
            # A gateway of an earlier version looked after the rest by itself.
            return cls(process, 0, _WHOLE)
        return cls(process, noticed_ms, passes)

    def text(self) -> str:
        return f"{self.process} {self.noticed_ms} {self.passes}"

    def is_due(self, now_ms: int, history_lag_s: float | None) -> bool:
        """Return whether to fill now. After the planned times once more, when the history has what came before."""
        if self.passes == _WHOLE:
            return False
        planned = (0, *AGAIN_AFTER_MS)
        if self.passes < len(planned):
            return now_ms >= self.noticed_ms + planned[self.passes]
        return self._is_passed(now_ms, history_lag_s)

    def after_filling(self, began_ms: int, history_lag_s: float | None) -> "Mark":
        """Return what to write after a filling that began then, when the history was so far behind."""
        passes = self.passes + 1
        if passes > len(AGAIN_AFTER_MS) and self._is_passed(began_ms, history_lag_s):
            passes = _WHOLE
        return replace(self, passes=passes)

    def _is_passed(self, now_ms: int, history_lag_s: float | None) -> bool:
        return history_lag_s is not None and now_ms - history_lag_s * 1000 >= self.noticed_ms + _TICK_MS
