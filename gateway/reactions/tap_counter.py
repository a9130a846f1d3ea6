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
from gateway.reactions.reactors import ReactorSamples


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
    viewer_id: str
    counts: dict[str, int]
    second: int | None
    """That of the video which the viewer saw, if it said so."""
    answer: Counted


class TapCounter:
    """Checks taps, caps them at the viewer's limit and hands them to the flusher. Nothing here waits."""

    def __init__(
        self, table: ControlTable, flusher: Flusher, reactors: ReactorSamples, limits: Limits, clock: Clock
    ) -> None:
        self._table = table
        self._flusher = flusher
        self._reactors = reactors
        self._limits = limits
        self._clock = clock

    def tap(self, viewer: Viewer, counts: dict[str, int], playback_ms: int | None = None) -> Counted:
        """Take the viewer's taps. Raises Refused, and then none of them was taken."""
        admitted = self.admit(viewer, counts, playback_ms)
        self.count(admitted)
        return admitted.answer

    def admit(self, viewer: Viewer, counts: dict[str, int], playback_ms: int | None = None) -> Admitted:
        """Decide which of the viewer's taps count, and in which window. Raises Refused for bad ones.

        `playback_ms` is where in the video they were made, as the viewer says.
        """
        participant(viewer)
        stream = self._table.live_stream(viewer.stream_id)
        total = check(stream, counts)
        allowed = self._limits.take_taps(viewer, total)
        now_ms = self._clock()
        second = None if playback_ms is None else playback_ms // 1000
        answer = Counted(total, window_start(now_ms))
        if allowed < total:
            metrics.TAPS_CAPPED.inc(total - allowed)
            counts = capped(counts, allowed)
            answer = Counted(allowed, answer.window, counts)
        return Admitted(stream.stream_id, now_ms, viewer.viewer_id, counts, second, answer)

    def count(self, taps: Admitted) -> None:
        """Take admitted taps. Raises Refused when too much waits, or when the gateway is stopping."""
        reactors = None
        if taps.answer.counted:
            reactors = self._reactors.tapped(taps.stream_id, taps.viewer_id, taps.at_ms)
        self._flusher.take(taps.stream_id, taps.at_ms, taps.counts, taps.answer.counted, taps.second, reactors)


def capped(counts: dict[str, int], allowed: int) -> dict[str, int]:
    """Return the first `allowed` taps of `counts`, in the order in which it names the emojis."""
    left = {}
    for emoji, count in counts.items():
        taken = min(count, allowed)
        if taken:
            left[emoji] = taken
        allowed -= taken
    return left
