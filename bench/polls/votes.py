"""The votes of a crowd as gateways write them: records of a hundred votes or more, each record of one partition."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

import msgspec

from contracts import buckets
from contracts.choices import option_id
from contracts.events import Vote, VotesRecord
from gateway.receipts.ulids import Ulids

START_MS = 1_763_800_000_000
OPTIONS = 4
STREAM_ID = "cup-final"
POLL_ID = "man-of-the-match"


@dataclass(frozen=True, slots=True)
class Crowd:
    """`voters` voters of one poll, one choice each. Of a hundred, `again` vote once more, for another option."""

    voters: int
    again: int = 5
    votes_per_record: int = 200
    votes_per_ms: int = 100
    """How fast they vote, by the gateway's clock."""

    @property
    def votes(self) -> int:
        """How many votes there are, second ones included."""
        return self.voters + self.voters // 100 * self.again

    def counted(self) -> dict[str, int]:
        """Return the votes of each option once every voter has one ballot, the first."""
        return {option_id(option): len(range(option, self.voters, OPTIONS)) for option in range(OPTIONS)}

    def records(self, partitions: int) -> Iterator[tuple[int, bytes]]:
        """Yield each record behind its partition."""
        gathering: dict[int, list[Vote]] = {partition: [] for partition in range(partitions)}
        for vote in self._votes():
            partition = buckets.partition(vote["voter"], partitions)
            votes = gathering[partition]
            votes.append(vote)
            if len(votes) == self.votes_per_record:
                yield partition, _encoded(votes)
                votes.clear()
        for partition, votes in gathering.items():
            if votes:
                yield partition, _encoded(votes)

    def _votes(self) -> Iterator[Vote]:
        ulids, choose = Ulids(), Random(1)  # noqa: S311 - the same crowd each time
        sent = 0
        for first in range(0, self.voters, 100):
            new = range(first, min(first + 100, self.voters))
            again = [choose.randrange(new.stop) for _ in range(self.again if len(new) == 100 else 0)]
            for second, number in [*((False, each) for each in new), *((True, each) for each in again)]:
                at = START_MS + sent // self.votes_per_ms
                sent += 1
                yield {
                    "stream_id": STREAM_ID,
                    "poll_id": POLL_ID,
                    "voter": _voter(number),
                    "receipt": ulids.new(at),
                    "at": at,
                    "choices": 1 << (number + second) % OPTIONS,
                    "options": OPTIONS,
                    "max_choices": 1,
                    "allow_change": False,
                    "allow_withdraw": False,
                    "eligible": True,
                    "deadline": None,
                }


def _voter(number: int) -> str:
    return urlsafe_b64encode(blake2b(number.to_bytes(8), digest_size=16).digest())[:22].decode()


def _encoded(votes: list[Vote]) -> bytes:
    record: VotesRecord = {"v": 1, "region": "eu", "edge": "gw-1", "votes": votes}
    return msgspec.json.encode(record)
