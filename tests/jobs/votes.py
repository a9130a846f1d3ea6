"""Votes to test with, and what should become of them, counted by a dictionary."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from contracts.buckets import ALPHABET
from contracts.choices import unpack
from contracts.events import Vote, VotesRecord

START = 1_763_800_000_000


def voter(viewer: int) -> str:
    return f"{ALPHABET[viewer % len(ALPHABET)]}-voter-{viewer:014d}"


def receipt(number: int) -> str:
    return f"{number:026d}"


def vote(viewer: int, number: int, choices: int, **changes: Any) -> Vote:
    """A vote `number` ms after START, in a locked poll of three options of which any may be chosen."""
    base: Vote = {
        "stream_id": "s",
        "poll_id": "p",
        "voter": voter(viewer),
        "receipt": receipt(number),
        "at": START + number,
        "choices": choices,
        "options": 3,
        "max_choices": 3,
        "allow_change": False,
        "allow_withdraw": False,
        "eligible": True,
        "deadline": None,
    }
    return {**base, **changes}  # type: ignore[typeddict-item]


def batches(votes: list[Vote], size: int = 7) -> list[VotesRecord]:
    parts = (votes[start : start + size] for start in range(0, len(votes), size))
    return [{"v": 1, "region": "eu", "edge": "gw-1", "votes": part} for part in parts]


@dataclass
class Ballot:
    """What a voter of a poll comes to."""

    taken: dict[str, Vote] = field(default_factory=dict)
    received: int = 0
    late: int = 0
    invalid: int = 0
    ineligible: int = 0
    times: list[int] = field(default_factory=list)

    def add(self, vote: Vote) -> None:
        self.received += 1
        self.times.append(vote["at"])
        chosen = unpack(vote["choices"])
        allowed = range(0 if vote["allow_withdraw"] else 1, vote["max_choices"] + 1)
        if len(chosen) not in allowed or any(int(option) > vote["options"] for option in chosen):
            self.invalid += 1
        elif not vote["eligible"]:
            self.ineligible += 1
        elif vote["deadline"] is not None and vote["at"] > vote["deadline"]:
            self.late += 1
        else:
            self.taken[vote["receipt"]] = vote

    @property
    def standing(self) -> Vote | None:
        if not self.taken:
            return None
        changeable = next(iter(self.taken.values()))["allow_change"]
        return self.taken[max(self.taken) if changeable else min(self.taken)]

    @property
    def numbers(self) -> dict[str, int]:
        standing = self.standing
        others = len(self.taken) - 1 if standing else 0
        changeable = standing is not None and standing["allow_change"]
        return {
            "voters": int(standing is not None and standing["choices"] > 0),
            "replaced": others if changeable else 0,
            "withdrawn": int(standing is not None and standing["choices"] == 0),
            "duplicate": 0 if changeable else others,
            "late": self.late,
            "invalid": self.invalid,
            "ineligible": self.ineligible,
        }


def count(votes: list[Vote]) -> dict[tuple[str, str], Ballot]:
    """Ballots by poll and voter. The order of the votes does not matter."""
    ballots: dict[tuple[str, str], Ballot] = defaultdict(Ballot)
    for one in votes:
        ballots[one["poll_id"], one["voter"]].add(one)
    return ballots


RULES: dict[str, dict[str, Any]] = {
    "locked": {},
    "one-choice": {"options": 9, "max_choices": 1},
    "changeable": {"allow_change": True, "options": 8, "max_choices": 2},
    "withdrawable": {"allow_change": True, "allow_withdraw": True, "options": 5, "max_choices": 4},
    "one-choice-withdrawable": {"allow_change": True, "allow_withdraw": True, "max_choices": 1},
    "large": {"allow_change": True, "options": 50, "max_choices": 25},
    "closing": {"allow_change": True, "allow_withdraw": True, "deadline": START + 2_500},
    "members-only": {"deadline": START + 2_000},
}


def crowd(seed: int, attempts: int = 4_000, viewers: int = 90) -> list[Vote]:
    """Votes of a crowd that tries everything, in no order. Every rule of RULES is one poll of the stream."""
    choose = random.Random(seed)
    votes = []
    for number in range(attempts):
        poll_id = choose.choice(list(RULES))
        rules = RULES[poll_id]
        options = rules.get("options", 3)
        some = [1 << choose.randrange(options) for _ in range(choose.randint(1, rules.get("max_choices", 3) + 1))]
        choices = choose.choice([0, 1 << choose.randrange(options), sum(set(some)), sum(set(some)), 1 << options])
        viewer = choose.randrange(viewers)
        if poll_id == "members-only":
            rules = {**rules, "eligible": viewer % 3 == 0 or number % 10 == 0}
        if poll_id == "closing" and number > 3_500:
            rules = {**rules, "deadline": START + 3_900}  # The broadcaster prolonged it.
        position: dict[str, Any] = {"playback_ms": number * 1_000} if number % 3 else {}
        votes.append(vote(viewer, number, min(choices, (1 << 50) - 1), poll_id=poll_id, **rules, **position))
    choose.shuffle(votes)
    return votes
