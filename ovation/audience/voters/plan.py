"""Who votes for what, when and where: decided by a seed before anything is sent, so that a run can be had again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from ovation.audience.plan import OPTIONS


@dataclass(frozen=True, slots=True)
class VotingPlan:
    """`voters` who vote at `votes_per_second`, what they send again, change and withdraw included.

    The others are shares of the voters: who sends a vote a second time, changes it, takes it back, votes (or votes
    again) after the deadline, or has no right to vote.
    """

    voters: int = 10_000
    votes_per_second: float = 1_000
    retries: float = 0.10
    changes: float = 0.05
    withdrawals: float = 0.01
    late: float = 0.02
    ineligible: float = 0.01
    gateways: int = 1
    options: tuple[str, ...] = OPTIONS
    seed: int = 1

    @property
    def allow_change(self) -> bool:
        """Whether the poll must let voters change their votes."""
        return self.changes > 0 or self.allow_withdraw

    @property
    def allow_withdraw(self) -> bool:
        """Whether it must let them take votes back."""
        return self.withdrawals > 0


@dataclass(frozen=True, slots=True)
class Retry:
    """The same vote once more: with the same `Idempotency-Key` or without any, after the answer or beside the first."""

    gateway: int
    same_key: bool
    at_once: bool


@dataclass(frozen=True, slots=True)
class Casting:
    """One vote for an option, counted from 0, or, for None, a withdrawal."""

    option: int | None
    gateway: int
    retry: Retry | None = None


@dataclass(frozen=True, slots=True)
class VoterPlan:
    """What one voter does, one after the other, from `at_s` seconds after the start."""

    at_s: float
    voter: int
    castings: tuple[Casting, ...]


class Voters:
    """The voters of a plan, each with a part to play."""

    def __init__(self, plan: VotingPlan) -> None:
        self._plan = plan
        self._choose = Random(f"voters {plan.seed}")  # noqa: S311 - a plan to be had again, not a secret
        self._popularity = list(accumulate(1 / (rank + 1) for rank in range(len(plan.options))))
        everybody = range(plan.voters)
        self.ineligible = frozenset(self._some(everybody, plan.ineligible))
        entitled = [voter for voter in everybody if voter not in self.ineligible]
        self._late = self._some(entitled, plan.late)
        # Every second of them has voted in time as well.
        self._only_late = frozenset(self._late[::2])
        in_time = [voter for voter in entitled if voter not in self._only_late]
        self._retrying, self._changing, self._withdrawing = (
            frozenset(self._some(in_time, share)) for share in (plan.retries, plan.changes, plan.withdrawals)
        )

    def in_time(self) -> Iterator[VoterPlan]:
        """Yield what is sent while the poll is open, in the order of its time."""
        sent = 0
        for voter in range(self._plan.voters):
            if voter not in self._only_late:
                castings = self._castings(voter)
                yield VoterPlan(sent / self._plan.votes_per_second, voter, castings)
                sent += sum(1 if casting.retry is None else 2 for casting in castings)

    def after_the_deadline(self) -> Iterator[VoterPlan]:
        """Yield what is sent then, in the order of its time."""
        for number, voter in enumerate(self._late):
            yield VoterPlan(number / self._plan.votes_per_second, voter, (self._vote(),))

    def _castings(self, voter: int) -> tuple[Casting, ...]:
        later = []
        if voter in self._changing:
            later.append(self._vote())
        if voter in self._withdrawing:
            later.append(Casting(None, self._gateway()))
        self._choose.shuffle(later)
        return (self._vote(retried=voter in self._retrying), *later)

    def _vote(self, retried: bool = False) -> Casting:
        (option,) = self._choose.choices(range(len(self._plan.options)), cum_weights=self._popularity)
        gateway = self._gateway()
        return Casting(option, gateway, self._retry(gateway) if retried else None)

    def _retry(self, gateway: int) -> Retry:
        elsewhere, same_key, at_once = (self._choose.random() < 0.5 for _ in range(3))
        return Retry((gateway + elsewhere) % self._plan.gateways, same_key, at_once)

    def _gateway(self) -> int:
        return self._choose.randrange(self._plan.gateways)

    def _some(self, voters: range | list[int], share: float) -> list[int]:
        return self._choose.sample(voters, k=min(round(self._plan.voters * share), len(voters)))
