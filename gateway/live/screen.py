"""One connection that shows a stream. As long as its peer keeps up, what it is shown is written at once.

When the peer is behind, everything waits in a mailbox, of each slot the newest alone. Who then takes nothing for
`slow_s` is closed.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Protocol

from gateway import metrics, problems
from gateway.live.closing import close_for
from gateway.live.mailbox import Mailbox
from gateway.live.message import Message, News
from gateway.live.wire import Wire


class Stage(Protocol):
    """What is shown."""

    def join(self, screen: "Screen", *greeting: Message) -> None:
        """Show a screen everything, then a greeting, then what changes. Raises Refused if there is nothing to show."""

    def leave(self, screen: "Screen") -> None:
        """Show it nothing any more."""

    def reveal(self, screen: "Screen", poll_id: str) -> None:
        """Show it a poll as who has voted in it sees it."""


class Screen(ABC):
    """Holds a `Wire`. `interval_s` is the shortest time between two messages about the stream.

    `is_viewer`: somebody watches here, and it is not a broadcaster's overlay.
    """

    __slots__ = ("_is_over", "_mailbox", "_slow_s", "_stage", "_watchdog", "_wire", "interval_s", "is_viewer")

    def __init__(self, wire: Wire, stage: Stage, *, interval_s: float, slow_s: float, is_viewer: bool) -> None:
        self.interval_s = interval_s
        self.is_viewer = is_viewer
        self._wire = wire
        self._stage = stage
        self._slow_s = slow_s
        self._is_over = False
        self._mailbox: Mailbox | None = None
        """There while the peer is behind, or when it is all over and nobody will look into it."""
        self._watchdog: asyncio.TimerHandle | None = None

    @abstractmethod
    def bytes_of(self, news: News) -> bytes:
        """Return what goes over the wire for all screens of this kind."""

    @abstractmethod
    def joined(self, messages: Iterable[Message]) -> bytes:
        """Return what goes over the wire for these messages."""

    def begin(self, news: News) -> None:
        """Show the first of everything, whether the peer is ready or not: all else comes behind it."""
        self._wire.write(self.bytes_of(news))

    def show(self, news: News) -> None:
        """Show news, now or when the peer has taken what came before; until then newer ones may replace it."""
        if self._mailbox is None:
            self._wire.write(self.bytes_of(news))
        else:
            self._mailbox.show(news)

    def close(self, code: int, reason: str) -> None:
        """Show nothing any more, and end the connection, behind answers that wait."""
        if self._is_over:
            return
        if self._mailbox is not None and self._mailbox.answers:
            self._wire.write(self.joined(self._mailbox.answers))
        self._end()
        self._wire.close(code, reason)

    def paused(self) -> None:
        """The peer is behind."""
        if self._mailbox is None:
            self._mailbox = Mailbox()
            self._watch()

    def resumed(self) -> None:
        """The peer has caught up with what was written."""
        mailbox = self._mailbox
        if mailbox is None or self._is_over:
            return
        self._unwatch()
        self._mailbox = None
        if waiting := mailbox.contents():
            self._wire.write(self.joined(waiting))

    def stopped(self) -> None:
        """The gateway stops."""
        self.close(*close_for(problems.STOPPING))

    def lost(self) -> None:
        """The connection is gone."""
        if not self._is_over:
            self._end()

    def _end(self) -> None:
        """Stop showing, once."""
        self._is_over = True
        self._unwatch()
        self._mailbox = Mailbox()
        self._stage.leave(self)

    def _watch(self) -> None:
        before = self._wire.waiting_bytes()
        self._watchdog = asyncio.get_running_loop().call_later(self._slow_s, self._look, before)

    def _unwatch(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None

    def _look(self, before: int) -> None:
        if self._wire.waiting_bytes() < before:
            self._watch()
            return
        metrics.SOCKETS_SLOW.inc()
        self.close(*close_for(problems.SLOW_SOCKET))
