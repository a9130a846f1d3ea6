"""Asks the gateway what became of votes, and holds its word against what the audience knows."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

import msgspec

from ovation.audience.at_once import at_once
from ovation.audience.ledger import Ballots
from ovation.audience.possible import Standing, outcomes
from ovation.client.answers import VoteOutcome
from ovation.client.gateway import GatewayClient
from ovation.client.patience import insist

POLL_S = 0.1
PATIENCE_S = 30.0
"""How long a receipt may be pending before that is its outcome."""
PENDING = "pending"


class Checked(msgspec.Struct, frozen=True):
    """How many receipts were asked for, and what the gateway should not have said, as sentences."""

    asked: int
    unexpected: list[str]


async def told(client: GatewayClient, receipt: str) -> VoteOutcome:
    """Return what became of a vote, as soon as the gateway can say. Raises a CallError."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = await insist(lambda: client.receipt(receipt), PATIENCE_S)
        if answer.outcome != PENDING or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(POLL_S)


async def check(clients: Sequence[GatewayClient], ballots: Ballots, most: int) -> Checked:
    """Ask about `most` receipts of a poll in which nobody votes any more, of every kind of voter alike.

    Raises a CallError.
    """
    wanted = list(islice(_of_every_kind(ballots), most))
    asked = zip(wanted, cycle(clients), strict=False)
    answers = await at_once(told(client, receipt) for (_, receipt, _), client in asked)
    unexpected = [
        f"{voter} was told {answer.outcome}, where only {' or '.join(sorted(possible))} can be"
        for (voter, _, possible), answer in zip(wanted, answers, strict=True)
        if answer.outcome not in possible
    ]
    return Checked(len(wanted), unexpected)


async def settle_doubts(client: GatewayClient, ballots: Ballots) -> list[str]:
    """Ask which vote stands, of every voter of whom the audience cannot know, and note it in `ballots.told`.

    Return a sentence for each voter of whose votes not exactly one stands. Raises a CallError.
    """

    async def settle(voter: str, standing: Standing, receipts: list[str]) -> str | None:
        answers = [(await told(client, receipt)).outcome for receipt in receipts]
        stand = [
            receipt for receipt, outcome in zip(receipts, answers, strict=True) if outcome in ("counted", "withdrawn")
        ]
        # None of them does where one that was never answered does.
        if len(stand) == 1 or (not stand and len(receipts) < len(standing.candidates)):
            if stand:
                ballots.told[voter] = stand[0]
            return None
        return f"{len(stand)} votes of {voter} stand, instead of one"

    doubts = []
    for voter, attempts in ballots.voters.items():
        standing = Standing.of(attempts, ballots.allow_change)
        receipts = [entry.receipt for entry in standing.candidates if entry.receipt is not None]
        if standing.is_doubtful and receipts:
            doubts.append(settle(voter, standing, receipts))
    return [sentence for sentence in await at_once(doubts) if sentence is not None]


def _of_every_kind(ballots: Ballots) -> Iterator[tuple[str, str, set[str]]]:
    """Yield voter, receipt and possible outcomes: one of each kind of voter, then the next of each."""
    kinds: dict[object, list[tuple[str, str, set[str]]]] = {}
    for voter in ballots.voters:
        known = outcomes(ballots, voter)
        kind = tuple(tuple(sorted(possible)) for possible in known.values())
        kinds.setdefault(kind, []).extend((voter, receipt, possible) for receipt, possible in known.items())
    for turn in range(max(map(len, kinds.values()), default=0)):
        for members in kinds.values():
            if turn < len(members):
                yield members[turn]
