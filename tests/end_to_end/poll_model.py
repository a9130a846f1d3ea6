"""A poll as a dictionary: what each voter sent, and so what every number and every receipt must be."""

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["taken", "late", "ineligible"]


@dataclass(frozen=True)
class Rules:
    """The rules of the poll, and how many options it has."""

    options: int
    max_choices: int
    allow_change: bool
    allow_withdraw: bool
    members_only: bool


@dataclass(frozen=True)
class Vote:
    """A vote that was written down; a withdrawal has no choices."""

    receipt: str
    choices: tuple[str, ...]
    verdict: Verdict


@dataclass
class Model:
    """Votes by voter, in the order in which they were answered: one is sent after the answer to the one before."""

    rules: Rules
    voters: dict[str, list[Vote]] = field(default_factory=dict)

    def take(self, voter: str, vote: Vote) -> None:
        """Add a vote."""
        self.voters.setdefault(voter, []).append(vote)

    def standing(self, voter: str) -> Vote | None:
        """Return the vote of a voter that stands."""
        taken = [vote for vote in self.voters[voter] if vote.verdict == "taken"]
        if not taken:
            return None
        return taken[-1] if self.rules.allow_change else taken[0]

    def tally(self) -> dict[str, int]:
        """Return the numbers of the poll, options as `option:ID`."""
        standing = [vote for vote in map(self.standing, self.voters) if vote is not None]
        votes = [vote for votes in self.voters.values() for vote in votes]
        verdicts = [vote.verdict for vote in votes]
        beaten = verdicts.count("taken") - len(standing)
        return {
            **{
                f"option:{option}": sum(str(option) in vote.choices for vote in standing)
                for option in range(1, self.rules.options + 1)
            },
            "voters": sum(bool(vote.choices) for vote in standing),
            "withdrawn": sum(not vote.choices for vote in standing),
            "replaced": beaten if self.rules.allow_change else 0,
            "duplicate": 0 if self.rules.allow_change else beaten,
            "late": verdicts.count("late"),
            "ineligible": verdicts.count("ineligible"),
            "invalid": 0,
            "received": len(votes),
        }

    def outcomes(self) -> dict[str, str]:
        """Return what the gateway must say of each receipt."""
        outcomes: dict[str, str] = {}
        for voter, votes in self.voters.items():
            standing = self.standing(voter)
            for vote in votes:
                if vote.verdict != "taken":
                    outcomes[vote.receipt] = vote.verdict
                elif vote == standing:
                    outcomes[vote.receipt] = "counted" if vote.choices else "withdrawn"
                else:
                    outcomes[vote.receipt] = "replaced" if self.rules.allow_change else "duplicate"
        return outcomes
