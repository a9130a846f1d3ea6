"""One stream's picture and the sockets that show it.

A change marks what is stale; at most once per `push_s` each stale thing is encoded once and put into every mailbox. The
first change after a quiet time goes at once. A poll whose results are hidden until one has voted is encoded twice: for
those who have, and without a number for all others, who so do not even learn that somebody voted.
"""

import asyncio

from gateway import metrics
from gateway.clock import Clock
from gateway.control.model import Poll, Stream
from gateway.control.table import ControlTable
from gateway.live import messages_in
from gateway.live.mailbox import Mailbox
from gateway.live.picture import Picture
from gateway.live.poll_times import PollTimes
from gateway.live.screens import Screens
from gateway.live.texts import Snapshot, Texts
from gateway.votes.visibility import is_shown, shows_results

SNAPSHOT = "snapshot"
REACTIONS = "reactions"
_POLL = "poll:"


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
        self._texts = Texts(stream_id, table, self.picture, clock)
        self._screens = Screens()
        self._shown: dict[str, str] = {}
        """What the screens show of each slot; of a poll, those who have not voted in it."""
        self._stale: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._times = PollTimes(clock, self._mark_poll)
        self._pushed_at = float("-inf")
        for poll in table.polls(stream_id):
            self._times.watch(poll)

    def join(self, mailbox: Mailbox) -> None:
        """Give a mailbox the snapshot, and every change after it."""
        mailbox.show_all(SNAPSHOT, self.snapshot().body.decode())
        if not self._screens.all:
            self._take_stock()
        self._screens.all.add(mailbox)

    def leave(self, mailbox: Mailbox) -> None:
        self._screens.leave(mailbox)

    def reveal(self, mailbox: Mailbox, poll_id: str) -> None:
        """Show a mailbox what who has voted in the poll sees of it, now and from now on."""
        poll, now_ms = self._table.poll(self.stream_id, poll_id), self._clock()
        matters = shows_results(poll, now_ms, voted=True) and not shows_results(poll, now_ms, voted=False)
        if matters and self._screens.vote(mailbox, poll_id):
            mailbox.show(_POLL + poll_id, self._texts.poll(poll, voted=True))

    @property
    def watched(self) -> bool:
        return bool(self._screens.all)

    def close(self) -> None:
        self._times.close()
        if self._timer is not None:
            self._timer.cancel()

    def snapshot(self) -> Snapshot:
        """Return the snapshot, encoded once for as long as nothing changes."""
        return self._texts.snapshot()

    def take_message(self, raw: bytes) -> None:
        """Merge a message of pub/sub. Raises msgspec.MsgspecError for what is none."""
        changed = messages_in.merge(raw, self.picture)
        if changed is not None:
            self._mark(REACTIONS if changed == messages_in.REACTIONS else _POLL + changed)

    def take_state(self) -> None:
        """Show a picture into which a whole state was merged."""
        self._mark(REACTIONS)
        for poll_id in self.picture.tallies:
            self._mark_poll(poll_id)

    def take_control(self, record: Stream | Poll) -> None:
        """Show a stream or poll that has changed."""
        if isinstance(record, Stream):
            self._mark(SNAPSHOT)
        else:
            self._times.watch(record)
            self._mark_poll(record.poll_id)

    def _mark_poll(self, poll_id: str) -> None:
        self._mark(_POLL + poll_id)

    def _mark(self, slot: str) -> None:
        self._texts.forget()
        self._stale.add(slot)
        if self._timer is None and self._screens.all:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._pushed_at + self._push_s, loop.time()), self._push)

    def _push(self) -> None:
        self._timer = None
        self._pushed_at = asyncio.get_running_loop().time()
        if not self._table.has_stream(self.stream_id):
            return  # The table is being read again, and will say what there is.
        stale, self._stale = self._stale, set()
        if SNAPSHOT in stale:
            self._push_snapshot()
            return
        for slot in stale:
            if slot == REACTIONS:
                self._show(slot, self._texts.reactions())
            else:
                self._push_poll(slot.removeprefix(_POLL))

    def _push_snapshot(self) -> None:
        text = self.snapshot().body.decode()
        metrics.PUSHES.inc()
        for mailbox in self._screens.all:
            mailbox.show_all(SNAPSHOT, text)
        self._take_stock()
        for poll_id in self._screens.polls():
            self._push_poll(poll_id)

    def _take_stock(self) -> None:
        polls = [poll for poll in self._table.polls(self.stream_id) if is_shown(poll)]
        self._shown = {_POLL + poll.poll_id: self._texts.poll(poll, voted=False) for poll in polls}
        self._shown[REACTIONS] = self._texts.reactions()

    def _push_poll(self, poll_id: str) -> None:
        if not self._table.has_poll(self.stream_id, poll_id):
            return
        poll, slot = self._table.poll(self.stream_id, poll_id), _POLL + poll_id
        if not is_shown(poll):
            return
        self._show(slot, self._texts.poll(poll, voted=False))
        voted = self._screens.voted(poll_id)
        if voted:  # In their slot this replaces the other before anything is sent.
            metrics.PUSHES.inc()
            text = self._texts.poll(poll, voted=True)
            for mailbox in voted:
                mailbox.show(slot, text)

    def _show(self, slot: str, text: str) -> None:
        if self._shown.get(slot) == text:
            return
        self._shown[slot] = text
        metrics.PUSHES.inc()
        for mailbox in self._screens.all:
            mailbox.show(slot, text)
