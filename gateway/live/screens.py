"""The screens of one stream: in groups by interval, and which of them see a poll's results before everybody does."""

from collections.abc import Callable, Iterable, Set

from gateway.live.group import Group
from gateway.live.screen import Screen


class Screens:
    """Who watches. A screen counts as having voted in a poll once it was told so. `open_group` makes one."""

    def __init__(self, open_group: Callable[[float], Group]) -> None:
        self._open_group = open_group
        self._groups: dict[float, Group] = {}
        self._voted: dict[str, set[Screen]] = {}
        self.viewers = 0

    def add(self, screen: Screen) -> None:
        """Show a screen what changes from here on."""
        group = self._groups.get(screen.interval_s)
        if group is None:
            group = self._groups[screen.interval_s] = self._open_group(screen.interval_s)
        group.add(screen)
        self.viewers += screen.is_viewer

    def leave(self, screen: Screen) -> bool:
        """Forget a screen; return whether it was here."""
        group = self._groups.get(screen.interval_s)
        if group is None or screen not in group.screens:
            return False
        group.screens.discard(screen)
        self.viewers -= screen.is_viewer
        if not group.screens:
            group.close()
            del self._groups[screen.interval_s]
        for poll_id, voted in list(self._voted.items()):
            voted.discard(screen)
            if not voted:
                del self._voted[poll_id]
        return True

    @property
    def groups(self) -> Iterable[Group]:
        """All groups; none of them is empty."""
        return self._groups.values()

    def vote(self, screen: Screen, poll_id: str) -> bool:
        """Count a screen among those that have voted; return whether that is news."""
        group = self._groups.get(screen.interval_s)
        if group is None or screen not in group.screens or screen in self.voted(poll_id):
            return False
        self._voted.setdefault(poll_id, set()).add(screen)
        return True

    def voted(self, poll_id: str) -> Set[Screen]:
        """Return those that have voted in a poll."""
        return self._voted.get(poll_id, frozenset())

    def close(self) -> None:
        """Show nothing any more."""
        for group in self._groups.values():
            group.close()
