"""The one way by which taps are taken, whether they came by HTTP or by socket."""

import msgspec
from msgspec import UNSET, UnsetType

from contracts.windows import window_start
from gateway import metrics
from gateway.auth import Viewer, participant
from gateway.clock import Clock
from gateway.control.table import ControlTable
from gateway.limits.limits import Limits
from gateway.reactions.admission import check
from gateway.reactions.flusher import Flusher


class Counted(msgspec.Struct, frozen=True):
    """The answer to taps: how many were taken, and the start of the window they count in, epoch ms.

    `counts` is there when the viewer tapped more than its limit: what was taken of each emoji.
    """

    counted: int
    window: int
    counts: dict[str, int] | UnsetType = UNSET


class Admitted(msgspec.Struct, frozen=True):
    """Taps that may be counted, and what is answered once they are. `at_ms` is when they were admitted."""

    stream_id: str
    at_ms: int
    counts: dict[str, int]
    answer: Counted


class TapCounter:
    """Checks taps, caps them at the viewer's limit and hands them to the flusher. Nothing here waits."""

    def __init__(self, table: ControlTable, flusher: Flusher, limits: Limits, clock: Clock) -> None:
        self._table = table
        self._flusher = flusher
        self._limits = limits
        self._clock = clock

    def tap(self, viewer: Viewer, counts: dict[str, int]) -> Counted:
        """Take the viewer's taps. Raises Refused, and then none of them was taken."""
        admitted = self.admit(viewer, counts)
        self.count(admitted)
        return admitted.answer

    def admit(self, viewer: Viewer, counts: dict[str, int]) -> Admitted:
        """Decide which of the viewer's taps count, and in which window. Raises Refused for bad ones."""
        participant(viewer)
        stream = self._table.live_stream(viewer.stream_id)
        total = check(stream, counts)
        allowed = self._limits.take_taps(viewer, total)
        now_ms = self._clock()
        window = window_start(now_ms)
        if allowed == total:
            return Admitted(stream.stream_id, now_ms, counts, Counted(total, window))
        metrics.TAPS_CAPPED.inc(total - allowed)
        counts = capped(counts, allowed)
        return Admitted(stream.stream_id, now_ms, counts, Counted(allowed, window, counts))

    def count(self, taps: Admitted) -> None:
        """Take admitted taps. Raises Refused when too much waits, or when the gateway is stopping."""
        self._flusher.take(taps.stream_id, taps.at_ms, taps.counts, taps.answer.counted)


def capped(counts: dict[str, int], allowed: int) -> dict[str, int]:
    """Return the first `allowed` taps of `counts`, in the order in which it names the emojis."""
    left = {}
    for emoji, count in counts.items():
        taken = min(count, allowed)
        if taken:
            left[emoji] = taken
        allowed -= taken
    return left
