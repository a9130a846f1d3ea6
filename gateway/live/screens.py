"""The mailboxes of one stream, and which of them see a poll's results before everybody does."""

from collections.abc import Set

from gateway.live.mailbox import Mailbox


class Screens:
    """Who watches. A mailbox counts as having voted in a poll once it was told so."""

    def __init__(self) -> None:
        self.all: set[Mailbox] = set()
        self._voted: dict[str, set[Mailbox]] = {}

    def leave(self, mailbox: Mailbox) -> None:
        self.all.discard(mailbox)
        for poll_id, voted in list(self._voted.items()):
            voted.discard(mailbox)
            if not voted:
                del self._voted[poll_id]

    def vote(self, mailbox: Mailbox, poll_id: str) -> bool:
        """Count a mailbox among those that have voted; return whether that is news."""
        if mailbox not in self.all or mailbox in self.voted(poll_id):
            return False
        self._voted.setdefault(poll_id, set()).add(mailbox)
        return True

    def voted(self, poll_id: str) -> Set[Mailbox]:
        """Return those that have voted in a poll."""
        return self._voted.get(poll_id, frozenset())

    def polls(self) -> list[str]:
        """Return the polls in which any of them has voted."""
        return list(self._voted)
