"""One open socket: the picture goes out, frames come in, and neither holds the other up."""

from collections.abc import Iterable
from typing import Any, Protocol

import structlog

from gateway import metrics, problems
from gateway.live import message
from gateway.live.closing import close_for
from gateway.live.message import Message, News
from gateway.live.screen import Screen

log = structlog.get_logger(__name__)


class Listener(Protocol):
    """Who takes what a viewer says."""

    def take(self, raw: str | bytes) -> None:
        """Take a frame."""

    def close(self) -> None:
        """Learn that the socket is closed."""


class Socket(Screen):
    """A screen that also takes frames. Where something waits, answers to frames go before pictures."""

    __slots__ = ("_is_full", "_is_held", "_listener")

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._is_full = False
        self._is_held = False
        self._listener: Listener | None = None

    def start(self, listener: Listener, *greeting: Message) -> None:
        """Take the wire: show everything, then the greeting, and from then on give `listener` what comes."""
        metrics.SOCKETS.inc()
        self._listener = listener
        self._wire.hand_to(self)
        self._stage.join(self, *greeting)
        self._read()

    def answer(self, text: str) -> None:
        """Answer a frame. Who does not take answers is not asked for frames."""
        if self._mailbox is None:
            self._wire.write(message.frame_of(text.encode()))
            return
        self._mailbox.answer(Message("answer", text.encode()))
        if self._mailbox.is_full:
            self._is_full = True
            self._wire.pause_reading()

    def reveal(self, poll_id: str) -> None:
        """Show a poll as who has voted in it sees it."""
        self._stage.reveal(self, poll_id)

    def hold(self) -> None:
        """Give the listener no more frames."""
        self._is_held = True
        self._wire.pause_reading()

    def go_on(self) -> None:
        """Give the listener frames again, those first that came meanwhile."""
        self._is_held = False
        self._read()

    def took(self, frame: str | bytes) -> None:
        """A frame came."""
        if self._listener is None:
            return
        try:
            self._listener.take(frame)
        except Exception as error:
            log.error("frame failed", error=type(error).__name__)
            self.close(*close_for(problems.INTERNAL))

    def resumed(self) -> None:
        """The peer has caught up, with answers too."""
        super().resumed()
        if self._is_full:
            self._is_full = False
            self._read()

    def bytes_of(self, news: News) -> bytes:
        """Return frames."""
        return news.frames

    def joined(self, messages: Iterable[Message]) -> bytes:
        """Return frames."""
        return message.frames_of(messages)

    def _read(self) -> None:
        if not (self._is_full or self._is_held or self._is_over):
            self._wire.resume_reading()

    def _end(self) -> None:
        super()._end()
        metrics.SOCKETS.dec()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
