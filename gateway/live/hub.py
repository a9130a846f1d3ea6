"""One stream's picture and the sockets that show it.

A change marks what is stale; at most once per `push_s` each stale thing is encoded once and put into every mailbox. The
first change after a quiet time goes at once.
"""

import asyncio
from typing import NamedTuple

import msgspec

from gateway import metrics
from gateway.clock import Clock
from gateway.conditional import etag_of
from gateway.control.model import Poll, Record, Stream
from gateway.control.table import ControlTable
from gateway.live import messages_in, render
from gateway.live.mailbox import Mailbox
from gateway.live.picture import Picture

SNAPSHOT = "snapshot"
REACTIONS = "reactions"
_POLL = "poll:"


class Snapshot(NamedTuple):
    """The encoded snapshot and its entity tag."""

    body: bytes
    etag: str


class StreamHub:
    """Lives on the event loop, as long as somebody watches the stream or lately asked for its snapshot."""

    def __init__(self, stream_id: str, table: ControlTable, clock: Clock, push_s: float) -> None:
        self.stream_id = stream_id
        self.picture = Picture()
        self.filled = asyncio.Event()
        """Set once the state was read from Redis for the first time."""
        self._table = table
        self._clock = clock
        self._push_s = push_s
        self._mailboxes: set[Mailbox] = set()
        self._stale: set[str] = set()
        self._snapshot: Snapshot | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closings: dict[str, asyncio.TimerHandle] = {}
        self._pushed_at = float("-inf")
        for poll in table.polls(stream_id):
            self._watch_closing(poll)

    def join(self, mailbox: Mailbox) -> None:
        """Give a mailbox the snapshot, and every change after it."""
        mailbox.show(SNAPSHOT, self.snapshot().body.decode())
        self._mailboxes.add(mailbox)

    def leave(self, mailbox: Mailbox) -> None:
        self._mailboxes.discard(mailbox)

    @property
    def watched(self) -> bool:
        return bool(self._mailboxes)

    def close(self) -> None:
        for timer in [self._timer, *self._closings.values()]:
            if timer is not None:
                timer.cancel()

    def snapshot(self) -> Snapshot:
        """Return the snapshot, encoded once for as long as nothing changes."""
        if self._snapshot is None:
            stream, polls = self._table.stream(self.stream_id), self._table.polls(self.stream_id)
            body = msgspec.json.encode(render.snapshot(stream, polls, self.picture, self._clock()))
            self._snapshot = Snapshot(body, etag_of(body))
        return self._snapshot

    def take_message(self, raw: bytes) -> None:
        """Merge a message of pub/sub. Raises msgspec.MsgspecError for what is none."""
        changed = messages_in.merge(raw, self.picture)
        if changed is not None:
            self._mark(REACTIONS if changed == messages_in.REACTIONS else _POLL + changed)

    def take_state(self) -> None:
        """Show a picture into which a whole state was merged."""
        self._mark(REACTIONS)
        for poll_id in self.picture.tallies:
            self._mark(_POLL + poll_id)

    def take_control(self, record: Record) -> None:
        """Show a stream or poll that has changed."""
        if isinstance(record, Stream):
            self._mark(SNAPSHOT)
        else:
            self._watch_closing(record)
            self._mark(_POLL + record.poll_id)

    def _watch_closing(self, poll: Poll) -> None:
        timer = self._closings.pop(poll.poll_id, None)
        if timer is not None:
            timer.cancel()
        if poll.status == "open" and poll.closes_at is not None:
            loop = asyncio.get_running_loop()
            left_s = max(0, poll.closes_at + 1 - self._clock()) / 1000
            self._closings[poll.poll_id] = loop.call_later(left_s, self._mark, _POLL + poll.poll_id)

    def _mark(self, slot: str) -> None:
        self._snapshot = None
        self._stale.add(slot)
        if self._timer is None and self._mailboxes:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._pushed_at + self._push_s, loop.time()), self._push)

    def _push(self) -> None:
        self._timer = None
        self._pushed_at = asyncio.get_running_loop().time()
        stale, self._stale = self._stale, set()
        for slot in [SNAPSHOT] if SNAPSHOT in stale else stale:
            text = self._encode(slot)
            if text is None:
                continue
            metrics.PUSHES.inc()
            for mailbox in self._mailboxes:
                mailbox.show(slot, text)

    def _encode(self, slot: str) -> str | None:
        if slot == SNAPSHOT:
            return self.snapshot().body.decode()
        if slot == REACTIONS:
            return msgspec.json.encode(render.reactions(self.stream_id, self.picture)).decode()
        poll_id = slot.removeprefix(_POLL)
        if not self._table.has_poll(self.stream_id, poll_id):
            return None
        poll = self._table.poll(self.stream_id, poll_id)
        if poll.status == "draft":
            return None
        return msgspec.json.encode(render.poll(poll, self.picture.tallies.get(poll_id), self._clock())).decode()
