"""What one group of screens is shown, in lots."""

from collections.abc import Callable, Iterable, Mapping

from gateway.live.message import Message, News
from gateway.live.screen import Screen
from gateway.live.screens import Screens
from gateway.live.texts import slot_of_poll


class Push:
    """News for all, and in their places what screens are shown alone that have voted in a poll (`own`, by its id).

    Who has voted, and what that shows, is asked anew for each lot: before its own a screen may vote and so be shown
    newer numbers than there were when the push began, and what it showed must not come behind them.
    """

    def __init__(self, news: News, screens: Screens, own: Callable[[], Mapping[str, Message]]) -> None:
        self._news = news
        self._screens = screens
        self._look = own
        self._own: dict[str, Message] = {}
        self._news_of: dict[tuple[str, ...], News] = {(): news}

    def show(self, lot: Iterable[Screen]) -> None:
        """Show screens, in one go, what is news to them."""
        # What cannot be told for a moment, while the table of control is read again, stays as it was.
        own = {**self._own, **self._look()}
        if own != self._own:
            self._own, self._news_of = own, {(): self._news}
        if own:
            for screen in lot:
                news = self._news_for(screen)
                if news.messages:
                    screen.show(news)
        elif self._news.messages:
            for screen in lot:
                screen.show(self._news)

    def _news_for(self, screen: Screen) -> News:
        voted = tuple(poll_id for poll_id in self._own if screen in self._screens.voted(poll_id))
        news = self._news_of.get(voted)
        if news is None:
            own = {slot_of_poll(poll_id): self._own[poll_id] for poll_id in voted}
            news = News({**self._news.messages, **own}, is_whole=self._news.is_whole)
            self._news_of[voted] = news
        return news
