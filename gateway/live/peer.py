"""The socket, as those need it who talk over it."""

from typing import Protocol


class Peer(Protocol):
    """Takes answers, and may be told to hand over no frames for a while."""

    def answer(self, text: str) -> None:
        """Send the answer to a frame."""

    def reveal(self, poll_id: str) -> None:
        """Show a poll as who has voted in it sees it, now and from now on."""

    def hold(self) -> None:
        """Hand over no further frame."""

    def go_on(self) -> None:
        """Hand over frames again."""

    def close(self, code: int, reason: str) -> None:
        """Close the socket, behind the answers that were sent."""
