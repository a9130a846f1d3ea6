"""The screens of one stream that want messages at most once in the same interval."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Protocol

from gateway.live.message import Message
from gateway.live.screen import Screen

_AT_ONCE = 256
"""Screens that are shown news in one go. After them come those taps and votes that have arrived meanwhile."""


class Push(Protocol):
    """News for a group."""

    def show(self, lot: Iterable[Screen]) -> None:
        """Show screens, in one go, what is news to them."""


Shown = dict[str, Message]
"""What screens were shown of each slot."""


class Group:
    """A change marks what is stale. The first after a quiet time goes at once, and then the interval passes.

    `compose` makes a push of stale slots, in the light of what was shown, which it notes; None if there is no news.
    """

    def __init__(self, interval_s: float, shown: Shown, compose: Callable[[set[str], Shown], Push | None]) -> None:
        self.screens: set[Screen] = set()
        self._interval_s = interval_s
        self._shown = shown
        self._compose = compose
        self._stale: set[str] = set()
        self._pushed_at = float("-inf")
        self._next: asyncio.Handle | None = None

    def add(self, screen: Screen) -> None:
        """Show a screen every change from here on; it has seen everything that is not stale to others."""
        for slot in self._stale:
            # Others may have been shown what comes next already: this one was shown something else.
            self._shown.pop(slot, None)
        self.screens.add(screen)

    def mark(self, slot: str) -> None:
        """Note that a slot has changed."""
        self._stale.add(slot)
        if self._next is None:
            self._wait()

    def close(self) -> None:
        """Show nothing any more."""
        if self._next is not None:
            self._next.cancel()

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._next = loop.call_at(max(self._pushed_at + self._interval_s, loop.time()), self._push)

    def _push(self) -> None:
        self._next = None
        self._pushed_at = asyncio.get_running_loop().time()
        stale, self._stale = self._stale, set()
        push = self._compose(stale, self._shown)
        if push is not None:
            self._show(push, list(self.screens), 0)

    def _show(self, push: Push, screens: Sequence[Screen], begin: int) -> None:
        end = begin + _AT_ONCE
        push.show(islice(screens, begin, end))
        if end < len(screens):
            self._next = asyncio.get_running_loop().call_soon(self._show, push, screens, end)
            return
        self._next = None
        if self._stale:
            self._wait()
