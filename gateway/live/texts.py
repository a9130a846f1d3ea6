"""The messages about one stream, encoded once for however many screens show them."""

from typing import NamedTuple

import msgspec

from gateway.clock import Clock
from gateway.conditional import etag_of
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from gateway.live import render
from gateway.live.picture import Picture


class Snapshot(NamedTuple):
    """The encoded snapshot and its entity tag."""

    body: bytes
    etag: str


class Texts:
    """Encodes what picture and control table say now."""

    def __init__(self, stream_id: str, table: ControlTable, picture: Picture, clock: Clock) -> None:
        self._stream_id = stream_id
        self._table = table
        self._picture = picture
        self._clock = clock
        self._snapshot: Snapshot | None = None

    def forget(self) -> None:
        """Encode the snapshot anew when it is asked for, because something has changed."""
        self._snapshot = None

    def snapshot(self) -> Snapshot:
        """Return the snapshot. Raises Refused if the stream is not known (any more)."""
        if self._snapshot is None:
            stream, polls = self._table.stream(self._stream_id), self._table.polls(self._stream_id)
            body = msgspec.json.encode(render.snapshot(stream, polls, self._picture, self._clock()))
            self._snapshot = Snapshot(body, etag_of(body))
        return self._snapshot

    def reactions(self) -> str:
        """Return totals and window."""
        return msgspec.json.encode(render.reactions(self._stream_id, self._picture)).decode()

    def poll(self, poll: Poll, *, voted: bool) -> str:
        """Return the poll as a viewer sees it who has voted in it, or has not."""
        tally = self._picture.tallies.get(poll.poll_id)
        return msgspec.json.encode(render.poll(poll, tally, self._clock(), voted=voted)).decode()
