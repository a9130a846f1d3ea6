"""What a ballot box asks before the first vote of a poll: nobody may be changing its rules at that moment."""

from typing import Protocol

from gateway.control.model import Poll


class FirstVoteLock(Protocol):
    """Locks a poll's options and rules once somebody has voted."""

    def knows(self, poll: Poll) -> bool:
        """Return whether this definition of the poll is known to be locked. Asked for every vote."""
        ...

    async def register(self, poll: Poll) -> None:
        """Lock it. Raises Refused while it is being edited."""
        ...
