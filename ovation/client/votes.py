"""What this viewer voted, and what became of it."""

from dataclasses import dataclass, replace
from typing import Literal

from ovation.client import frames
from ovation.client.errors import CallError, ProblemError
from ovation.client.outbox import Sending


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote, or without `choices` a withdrawal.

    It is `pending` until the gateway has answered; then `counted`, with the receipt by which its outcome can be asked
    for, or `refused`. `problem` is why, or why it is sent once more; a refused vote with a receipt was written down as
    late or ineligible. `earlier` is the vote that stands as long as this one does not.
    """

    choices: tuple[str, ...]
    state: Literal["pending", "counted", "refused"] = "pending"
    receipt: str | None = None
    problem: CallError | None = None
    earlier: "Vote | None" = None


class Votes:
    """The newest vote in each poll."""

    def __init__(self) -> None:
        self.by_poll: dict[str, Vote] = {}
        self._newest: dict[str, Sending] = {}

    def sent(self, sending: Sending) -> None:
        """Take a vote that is on its way."""
        poll_id = poll_of(sending)
        before = self.by_poll.get(poll_id)
        earlier = before if before is None or before.state == "counted" else before.earlier
        self._newest[poll_id] = sending
        self.by_poll[poll_id] = Vote(sending.choices, earlier=earlier)

    def receipt(self, poll_id: str) -> str | None:
        """Return the receipt of the newest counted vote in a poll."""
        vote = self.by_poll.get(poll_id)
        counted = vote if vote is None or vote.state == "counted" else vote.earlier
        return None if counted is None else counted.receipt

    def is_newest(self, sending: Sending) -> bool:
        """Return whether the viewer has not voted in the same poll since."""
        return self._newest.get(poll_of(sending)) is sending

    def counted(self, sending: Sending, receipt: str) -> Vote | None:
        """Note that the gateway has taken a vote; return it if it is the newest."""
        return self._note(sending, "counted", receipt, None)

    def refused(self, sending: Sending, problem: ProblemError) -> Vote | None:
        """Note a no; return the vote if it is the newest."""
        return self._note(sending, "refused", problem.receipt, problem)

    def put_off(self, sending: Sending, problem: ProblemError) -> Vote:
        """Note a no that passes, to the newest vote in its poll."""
        poll_id = poll_of(sending)
        vote = self.by_poll[poll_id] = replace(self.by_poll[poll_id], problem=problem)
        return vote

    def _note(
        self,
        sending: Sending,
        state: Literal["counted", "refused"],
        receipt: str | None,
        problem: ProblemError | None,
    ) -> Vote | None:
        poll_id = poll_of(sending)
        vote = self.by_poll[poll_id]
        if self.is_newest(sending):
            earlier = None if state == "counted" else vote.earlier
            self.by_poll[poll_id] = vote = Vote(vote.choices, state, receipt, problem, earlier)
            return vote
        if state == "counted" and vote.state != "counted":
            self.by_poll[poll_id] = replace(vote, earlier=Vote(sending.choices, "counted", receipt))
        return None


def poll_of(sending: Sending) -> str:
    """Return the poll of a vote or a withdrawal."""
    assert isinstance(sending.frame, frames.Vote | frames.Withdraw)
    return sending.frame.poll_id
