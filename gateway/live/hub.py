"""One stream's picture and the screens that show it.

A change marks what is stale. Screens that want messages in the same interval are a group, and each group is shown at
most once in its interval what is stale to it; the first change after a quiet time goes at once. Every message is
encoded once for all groups. A poll whose results are hidden until one has voted is encoded twice: for those who have,
and without a number for all others, who so do not even learn that somebody voted.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from gateway.clock import Clock
from gateway.control.model import Poll, Stream
from gateway.control.table import ControlTable
from gateway.live import messages_in
from gateway.live.group import Group, Shown
from gateway.live.message import Message, News
from gateway.live.picture import Picture
from gateway.live.poll_times import PollTimes
from gateway.live.push import Push
from gateway.live.screen import Screen
from gateway.live.screens import Screens
from gateway.live.texts import PRESENCE, REACTIONS, SNAPSHOT, Snapshot, Texts, poll_of_slot, slot_of_poll
from gateway.stats.meter import Meter
from gateway.votes.visibility import is_shown, shows_results


class StreamHub:
    """Lives on the event loop, as long as somebody watches the stream or lately asked for its snapshot."""

    def __init__(
        self,
        stream_id: str,
        table: ControlTable,
        clock: Clock,
        on_viewers: Callable[["StreamHub"], None] = lambda _: None,
    ) -> None:
        """`on_viewers` is told whenever a viewer has come or gone."""
        self.stream_id = stream_id
        self.picture = Picture()
        self.filled = asyncio.Event()
        """Set once the state was read from Redis for the first time."""
        self.meter = Meter(clock)
        self.screens = Screens(self._open_group)
        self._table = table
        self._clock = clock
        self._on_viewers = on_viewers
        self._texts = Texts(stream_id, table, self.picture, clock)
        self._times = PollTimes(clock, self._mark_poll)
        for poll in table.polls(stream_id):
            self._times.watch(poll)

    def join(self, screen: Screen, *greeting: Message) -> None:
        """Show a screen the snapshot, the greeting, and every change after it.

        Raises Refused if the stream is not known (any more).
        """
        self._table.stream(self.stream_id)
        self.screens.add(screen)
        if screen.is_viewer:
            self._on_viewers(self)
        first = self.snapshot().message
        screen.begin(News({each.kind: each for each in (first, *greeting)}))

    def leave(self, screen: Screen) -> None:
        """Show a screen nothing any more."""
        if self.screens.leave(screen) and screen.is_viewer:
            self._on_viewers(self)

    def reveal(self, screen: Screen, poll_id: str) -> None:
        """Show a screen what who has voted in the poll sees of it, now and from now on."""
        poll, now_ms = self._table.poll(self.stream_id, poll_id), self._clock()
        matters = shows_results(poll, now_ms, voted=True) and not shows_results(poll, now_ms, voted=False)
        if matters and self.screens.vote(screen, poll_id):
            screen.show(News({slot_of_poll(poll_id): self._texts.poll(poll, voted=True)}))

    @property
    def watched(self) -> bool:
        """Whether there is any screen."""
        return any(self.screens.groups)

    def close(self) -> None:
        """Show nothing any more."""
        self._times.close()
        self.screens.close()

    def snapshot(self) -> Snapshot:
        """Return the snapshot, encoded once for as long as nothing changes."""
        return self._texts.snapshot()

    def take_message(self, raw: bytes) -> None:
        """Merge a message of pub/sub. Raises msgspec.MsgspecError for what is none."""
        changed = messages_in.merge(raw, self.picture)
        if changed is not None:
            self._mark(REACTIONS if changed == messages_in.REACTIONS else slot_of_poll(changed))

    def take_state(self) -> None:
        """Show a picture into which a whole state was merged."""
        self._mark(REACTIONS)
        for poll_id in self.picture.tallies:
            self._mark_poll(poll_id)

    def fill(self) -> None:
        """Learn that the state was read, and show those who came before what was missing."""
        if not self.filled.is_set():
            self.picture.is_known = True
            self.filled.set()
            self._mark(SNAPSHOT)

    def take_control(self, record: Stream | Poll) -> None:
        """Show a stream or poll that has changed."""
        if isinstance(record, Stream):
            self._mark(SNAPSHOT)
        else:
            self._times.watch(record)
            self._mark_poll(record.poll_id)

    def take_presence(self, watching: int) -> bool:
        """Show how many watch; return whether that is news."""
        is_news = self.picture.merge_presence(watching, self._clock())
        if is_news:
            self._mark(PRESENCE)
        return is_news

    def _mark_poll(self, poll_id: str) -> None:
        self._mark(slot_of_poll(poll_id))

    def _mark(self, slot: str) -> None:
        self._texts.forget(slot)
        for group in self.screens.groups:
            group.mark(slot)

    def _open_group(self, interval_s: float) -> Group:
        return Group(interval_s, self._stock(), self._compose)

    def _stock(self) -> Shown:
        """Return what a screen shows that was just shown the snapshot."""
        polls = [poll for poll in self._table.polls(self.stream_id) if is_shown(poll)]
        return {
            REACTIONS: self._texts.reactions(),
            PRESENCE: self._texts.presence(),
            **{slot_of_poll(poll.poll_id): self._texts.poll(poll, voted=False) for poll in polls},
        }

    def _compose(self, stale: set[str], shown: Shown) -> Push | None:
        if not self._table.has_stream(self.stream_id):
            return None  # The table is being read again, and will say what there is.
        if SNAPSHOT in stale:
            shown.clear()
            shown.update(self._stock())
            news = News({SNAPSHOT: self.snapshot().message}, is_whole=True)
        else:
            changed = {slot: message for slot in stale if (message := self._message(slot)) is not None}
            news = News({slot: each for slot, each in changed.items() if not _is_known(each, shown.get(slot))})
            shown.update(changed)
        slots: Iterable[str] = shown if SNAPSHOT in stale else stale
        others = {poll_id: shown.get(slot) for slot in slots if (poll_id := poll_of_slot(slot)) is not None}
        return Push(news, self.screens, partial(self._own, others))

    def _message(self, slot: str) -> Message | None:
        """Return what screens show of a slot, where nobody has voted; None if they show nothing of it."""
        if slot == REACTIONS:
            return self._texts.reactions()
        if slot == PRESENCE:
            return self._texts.presence()
        poll = self._poll(slot)
        return None if poll is None else self._texts.poll(poll, voted=False)

    def _own(self, others: Mapping[str, Message | None]) -> dict[str, Message]:
        """Return what screens are shown now of polls in which they have voted, where it is not what `others` are."""
        own = {}
        for poll_id, other in others.items():
            poll = self._poll(slot_of_poll(poll_id)) if self.screens.voted(poll_id) else None
            message = None if poll is None else self._texts.poll(poll, voted=True)
            if message is not None and not _is_known(message, other):
                own[poll_id] = message
        return own

    def _poll(self, slot: str) -> Poll | None:
        poll_id = poll_of_slot(slot)
        if poll_id is None or not self._table.has_poll(self.stream_id, poll_id):
            return None
        poll = self._table.poll(self.stream_id, poll_id)
        return poll if is_shown(poll) else None


def _is_known(message: Message, shown: Message | None) -> bool:
    return shown is not None and (shown is message or shown.body == message.body)
