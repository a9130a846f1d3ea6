"""What a crowd does, and when: decided by a seed before anything is sent, so that a run can be had again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, count
from random import Random

EMOJIS = ("🔥", "👏", "😂", "😮", "❤️")
OPTIONS = ("Ana", "Bo", "Chidi", "Dunya")


@dataclass(frozen=True, slots=True)
class Plan:
    """A crowd of `viewers` on `streams` streams, viewer `i` on stream `i % streams`; voters likewise.

    `taps_per_s` is the whole crowd's. Voters vote evenly over `vote_seconds`; the first of them are the viewers
    themselves, who vote the way they tap, the others have no socket and vote by HTTP. Of all without a socket,
    `keyed_share` send an `Idempotency-Key`, and so many of them are `stubborn`: they send everything again and again.
    `seconds` None means no end.
    """

    streams: int = 1
    viewers: int = 200
    taps_per_s: float = 2_000
    seconds: float | None = 60
    voters: int = 0
    vote_seconds: float = 60
    double_vote_share: float = 0.2
    http_share: float = 0.2
    keyed_share: float = 0.0
    stubborn: int = 0
    screens: int = 5
    emojis: tuple[str, ...] = EMOJIS
    options: tuple[str, ...] = OPTIONS
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap, `at_s` seconds after the start."""

    at_s: float
    viewer: int
    emoji: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One voter's vote, `at_s` seconds after the start; `option` counts from 0.

    Who votes twice wants `second` as well: together with the first when `at_once`, so that receipts must decide, else
    after its answer.
    """

    at_s: float
    voter: int
    option: int
    second: int | None = None
    at_once: bool = False


def taps(plan: Plan) -> Iterator[Tap]:
    """Yield the taps in the order of their time, evenly spaced. The first emoji is the most popular."""
    if plan.taps_per_s <= 0:
        return
    choose = Random(f"taps {plan.seed}")  # noqa: S311 - a plan to be had again, not a secret
    weights = _popularity(len(plan.emojis))
    for number in count():
        at_s = number / plan.taps_per_s
        if plan.seconds is not None and at_s >= plan.seconds:
            return
        (emoji,) = choose.choices(plan.emojis, cum_weights=weights)
        yield Tap(at_s, choose.randrange(plan.viewers), emoji)


def votes(plan: Plan) -> Iterator[Vote]:
    """Yield each voter's vote in the order of its time, evenly spaced."""
    choose = Random(f"votes {plan.seed}")  # noqa: S311
    weights = _popularity(len(plan.options))
    doubles = set(choose.sample(range(plan.voters), k=round(plan.voters * plan.double_vote_share)))
    for voter in range(plan.voters):
        at_s = voter * plan.vote_seconds / plan.voters
        option, other = choose.choices(range(len(plan.options)), cum_weights=weights, k=2)
        at_once = choose.random() < 0.5
        if voter in doubles:
            yield Vote(at_s, voter, option, other, at_once)
        else:
            yield Vote(at_s, voter, option)


def http_viewers(plan: Plan) -> frozenset[int]:
    """Return the viewers that tap and vote by HTTP; the others have a socket."""
    choose = Random(f"http {plan.seed}")  # noqa: S311
    return frozenset(choose.sample(range(plan.viewers), k=round(plan.viewers * plan.http_share)))


def keyed(plan: Plan) -> list[int]:
    """Return who sends an `Idempotency-Key`, viewers first. They have no socket."""
    by_http = sorted(http_viewers(plan)) + list(range(plan.viewers, plan.voters))
    choose = Random(f"keyed {plan.seed}")  # noqa: S311
    return sorted(choose.sample(by_http, k=round(len(by_http) * plan.keyed_share)))


def _popularity(number: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) for rank in range(number)))
