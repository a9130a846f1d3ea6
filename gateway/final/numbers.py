"""What an account of a poll says: the live tally is one, the recount of the ballots the other."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from gateway.control.model import Poll, Result

OUTCOMES = ("voters", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
"""Each vote received is one of these; `voters` are the votes that count."""

AFTERWARDS = ("received", "late", "invalid", "ineligible")
"""What a vote still raises that comes after the deadline, and comes it may, until the poll is final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A poll's numbers. `votes` maps option id to votes; options without any are left out."""

    votes: Mapping[str, int]
    voters: int
    received: int
    replaced: int
    withdrawn: int
    duplicate: int
    late: int
    invalid: int
    ineligible: int

    def members(self) -> dict[str, Any]:
        """Return all numbers by name."""
        return asdict(self)

    @property
    def add_up(self) -> bool:
        """Whether every vote received has an outcome."""
        return self.received == sum(int(getattr(self, name)) for name in OUTCOMES)

    def belong_to(self, poll: Poll) -> bool:
        """Return whether only options of the poll have votes."""
        return self.votes.keys() <= {option.id for option in poll.options}

    def result(self, poll: Poll, digest: str) -> Result:
        """Return the numbers as the poll's result."""
        return Result(
            votes=tuple(self.votes.get(option.id, 0) for option in poll.options),
            digest=digest,
            **{name: getattr(self, name) for name in ("received", *OUTCOMES)},
        )


class Accounts(NamedTuple):
    """Both accounts of a poll, taken one right after the other."""

    live: Numbers
    recount: Numbers


Verdict = Literal["equal", "moving", "different"]


def judge(poll: Poll, now: Accounts, before: Accounts | None) -> Verdict:
    """Compare the accounts.

    `before` are those of the attempt before this one, when there was one: both stores have since taken every vote that
    was in Kafka then. It decides where late votes go on coming, and the stores, one quicker than the other, are never
    quite equal: then each must hold by now what the other one held before.
    """
    if not (now.recount.add_up and now.recount.belong_to(poll)) or _settled(now.live) != _settled(now.recount):
        return "different"
    if now.live == now.recount:
        return "equal"
    if before is None:
        return "moving"
    crossed = ((before.live, now.recount), (before.recount, now.live))
    held = all(getattr(then, name) <= getattr(since, name) for then, since in crossed for name in AFTERWARDS)
    return "equal" if held else "different"


def _settled(numbers: Numbers) -> dict[str, Any]:
    return {name: value for name, value in numbers.members().items() if name not in AFTERWARDS}
