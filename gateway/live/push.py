"""What one group of screens is shown in one go."""

from collections.abc import Mapping

from gateway.live.message import Message, News
from gateway.live.screen import Screen
from gateway.live.screens import Screens
from gateway.live.texts import slot_of_poll


class Push:
    """News for all, and in their places what screens are shown alone that have voted in a poll (`own`, by its id).

    Who has voted is asked when a screen's turn comes: it may do so while others are shown the news.
    """

    def __init__(self, news: News, screens: Screens, own: Mapping[str, Message]) -> None:
        self._news = news
        self._screens = screens
        self._own = own
        self._news_of: dict[tuple[str, ...], News] = {(): news}

    def show(self, screen: Screen) -> None:
        """Show a screen what is news to it."""
        news = self._news_for(screen) if self._own else self._news
        if news.messages:
            screen.show(news)

    def _news_for(self, screen: Screen) -> News:
        voted = tuple(poll_id for poll_id in self._own if screen in self._screens.voted(poll_id))
        news = self._news_of.get(voted)
        if news is None:
            own = {slot_of_poll(poll_id): self._own[poll_id] for poll_id in voted}
            news = News({**self._news.messages, **own}, is_whole=self._news.is_whole)
            self._news_of[voted] = news
        return news
