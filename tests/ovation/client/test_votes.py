import asyncio

from ovation.client import frames
from ovation.client.errors import ProblemError
from ovation.client.outbox import Sending
from ovation.client.votes import Vote, Votes

LATE = ProblemError(409, "late-vote", "It is closed.", receipt="L")
BUSY = ProblemError(429, "rate-limited", "Later.")


def vote(votes: Votes, *choices: str) -> Sending:
    frame = frames.Vote(poll_id="p", choices=list(choices)) if choices else frames.Withdraw(poll_id="p")
    sending = Sending(frame, asyncio.get_running_loop().create_future())
    votes.sent(sending)
    return sending


async def test_what_stands_is_kept_until_a_newer_vote_counts() -> None:
    votes = Votes()
    first = votes.counted(vote(votes, "1"), "R1")
    second = vote(votes, "2")
    assert votes.by_poll["p"] == Vote(("2",), earlier=first)
    assert votes.put_off(second, BUSY).problem is BUSY
    assert votes.refused(second, LATE) == Vote(("2",), "refused", "L", LATE, first)
    assert votes.receipt("p") == "R1"
    assert votes.counted(vote(votes), "W") == Vote((), "counted", "W")
    assert (votes.receipt("p"), votes.receipt("q")) == ("W", None)


async def test_an_answer_to_an_older_vote_changes_nothing_but_what_stands() -> None:
    votes = Votes()
    older, newer = vote(votes, "1"), vote(votes, "2")
    assert votes.counted(older, "R1") is None
    assert votes.by_poll["p"] == Vote(("2",), earlier=Vote(("1",), "counted", "R1"))
    votes.counted(newer, "R2")
    assert votes.refused(older, LATE) is None
    assert votes.by_poll["p"] == Vote(("2",), "counted", "R2")
