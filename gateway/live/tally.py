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

    `buckets` is how many of each region in each bucket of voters, `eu:3` (contracts.buckets).
    """

    votes: dict[str, int]
    version: int = 0
    as_of: int = 0
    buckets: dict[str, int] = {}

    @property
    def received_in(self) -> dict[str, int]:
        """How many votes each region has received, as far as the buckets say."""
        regions: dict[str, int] = {}
        for name, votes in self.buckets.items():
            region = name.partition(":")[0]
            regions[region] = regions.get(region, 0) + votes
        return regions

    def follows(self, other: "Tally") -> bool:
        """Return whether this is newer than `other`, and has all of its votes.

        More votes are not enough: while an emptied Redis is filled again, some buckets are ahead and others behind.
        Where no bucket is named, the version decides.
        """
        if self.version <= other.version:
            return False
        if not self.buckets:
            return True
        # A bucket of before there were regions names none, and its votes are nobody's to hold against a region.
        named = ((bucket, received) for bucket, received in other.buckets.items() if ":" in bucket)
        return all(self.buckets.get(bucket, 0) >= received for bucket, received in named)


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
    return Tally(votes=votes, version=result.received, as_of=poll.at, buckets={}, **numbers_of(result))
