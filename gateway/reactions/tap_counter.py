"""The one way by which taps are taken, whether they came by HTTP or by socket."""

import msgspec

from gateway.auth import Viewer, participant
from gateway.control.table import ControlTable
from gateway.reactions.admission import check
from gateway.reactions.flusher import Flusher


class Counted(msgspec.Struct, frozen=True):
    """The answer to taps: how many were taken, and the start of the window they count in, epoch ms."""

    counted: int
    window: int


class TapCounter:
    """Checks taps and hands them to the flusher. Nothing here waits."""

    def __init__(self, table: ControlTable, flusher: Flusher) -> None:
        self._table = table
        self._flusher = flusher

    def tap(self, viewer: Viewer, counts: dict[str, int]) -> Counted:
        """Take the viewer's taps. Raises Refused, and then none of them was taken."""
        participant(viewer)
        stream = self._table.live_stream(viewer.stream_id)
        total = check(stream, counts)
        return Counted(total, self._flusher.take(stream.stream_id, counts, total))
