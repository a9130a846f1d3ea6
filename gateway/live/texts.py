"""The messages about one stream, encoded once for however many screens show them."""

from typing import NamedTuple

from gateway import metrics
from gateway.clock import Clock
from gateway.conditional import etag_of
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from gateway.live import render
from gateway.live.message import Message, message_of
from gateway.live.picture import Picture

SNAPSHOT = "snapshot"
REACTIONS = "reactions"
PRESENCE = "presence"
_POLL = "poll:"


def slot_of_poll(poll_id: str) -> str:
    """Return the slot of a poll; every other slot is named above."""
    return _POLL + poll_id


def poll_of_slot(slot: str) -> str | None:
    """Return the poll whose slot this is, or None for another slot."""
    return slot.removeprefix(_POLL) if slot.startswith(_POLL) else None


class Snapshot(NamedTuple):
    """The encoded snapshot and its entity tag."""

    message: Message
    etag: str


class Texts:
    """Encodes what picture and control table say now."""

    def __init__(self, stream_id: str, table: ControlTable, picture: Picture, clock: Clock) -> None:
        self._stream_id = stream_id
        self._table = table
        self._picture = picture
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._messages: dict[tuple[str, bool], Message] = {}

    def forget(self, slot: str) -> None:
        """Encode a slot, and the snapshot, anew when they are asked for, because the slot has changed."""
        self._snapshot = None
        if slot == SNAPSHOT:
            self._messages.clear()
        for voted in (False, True):
            self._messages.pop((slot, voted), None)

    def snapshot(self) -> Snapshot:
        """Return the snapshot. Raises Refused if the stream is not known (any more)."""
        if self._snapshot is None:
            stream, polls = self._table.stream(self._stream_id), self._table.polls(self._stream_id)
            message = message_of(render.snapshot(stream, polls, self._picture, self._clock()))
            self._snapshot = Snapshot(message, etag_of(message.body))
        return self._snapshot

    def reactions(self) -> Message:
        """Return totals and window."""
        return self._known(REACTIONS) or self._made(REACTIONS, render.reactions(self._stream_id, self._picture))

    def presence(self) -> Message:
        """Return how many watch."""
        return self._known(PRESENCE) or self._made(PRESENCE, render.presence(self._stream_id, self._picture))

    def poll(self, poll: Poll, *, voted: bool) -> Message:
        """Return the poll as a viewer sees it who has voted in it, or has not."""
        slot = slot_of_poll(poll.poll_id)
        known = self._known(slot, voted=voted)
        if known is not None:
            return known
        tally = self._picture.tally(poll.poll_id)
        return self._made(slot, render.poll(poll, tally, self._clock(), voted=voted), voted=voted)

    def _known(self, slot: str, *, voted: bool = False) -> Message | None:
        return self._messages.get((slot, voted))

    def _made(self, slot: str, content: render.Content, *, voted: bool = False) -> Message:
        metrics.PUSHES.inc()
        made = self._messages[slot, voted] = message_of(content)
        return made
