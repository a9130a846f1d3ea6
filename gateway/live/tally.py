"""A poll's numbers. Their names stand here once, and are those of messages, of Redis and of `control`."""

import msgspec

from gateway.control.model import Poll


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """Ballots that count, votes received, and how many of them have each other outcome (contracts.messages.Poll)."""

    voters: int = 0
    received: int = 0
    replaced: int = 0
    withdrawn: int = 0
    duplicate: int = 0
    late: int = 0
    invalid: int = 0
    ineligible: int = 0


NUMBERS = Numbers.__struct_fields__


class Tally(Numbers, frozen=True, kw_only=True):
    """All numbers of one moment, epoch ms. `votes` maps option id to votes; `version` is how many votes were received.

    `version` only grows.
    """

    votes: dict[str, int]
    version: int = 0
    as_of: int = 0


EMPTY = Tally(votes={})


def numbers_of(source: object) -> dict[str, int]:
    """Return the numbers of anything that has them as attributes, by their names."""
    return {name: getattr(source, name) for name in NUMBERS}


def final_tally(poll: Poll) -> Tally | None:
    """Return the numbers that stand for good, on which live tally and recount agreed; None before the poll is final."""
    result = poll.result
    if poll.status != "final" or result is None:
        return None
    votes = {option.id: count for option, count in zip(poll.options, result.votes, strict=False)}
    return Tally(votes=votes, version=result.received, as_of=poll.at, **numbers_of(result))
