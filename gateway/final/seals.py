"""Which votes of a closed poll each region has acknowledged, where there are several.

A region that has stopped taking votes of a poll, and whose stores hold all that it took, writes down how many those are
in each bucket of voters. A mirror keeps the order of a bucket's votes, so a region that has received as many of another
has received each of them. The region that changes the stream waits for that, of every region; while one is lost the
poll stays closed, and its results name that region.
"""

from collections.abc import Collection, Mapping
from functools import partial

from msgspec.structs import replace

from gateway.control.model import Poll, Seal
from gateway.control.table import ControlTable
from gateway.control.writer import ControlWriter
from gateway.final.recount import Ballots


class Seals:
    """The seals of polls, as this region writes and reads them. Both raise Refused when a part is away."""

    def __init__(
        self, table: ControlTable, writer: ControlWriter, ballots: Ballots, region: str, others: Collection[str]
    ) -> None:
        self._table = table
        self._writer = writer
        self._ballots = ballots
        self._region = region
        self._others = others

    def is_sealed(self, poll: Poll) -> bool:
        """Return whether this region has said what it has of the poll."""
        return self._region in self._table.seals(poll)

    async def write(self, poll: Poll) -> None:
        """Say what this region has acknowledged of the poll, once for a closing. Its stores must hold all of it."""
        received = await self._ballots.received(poll.stream_id, poll.poll_id)
        seal = Seal(
            **self._writer.stamp(),
            stream_id=poll.stream_id,
            poll_id=poll.poll_id,
            received=dict(received.get(self._region, {})),
            closing=poll.closing_ms or 0,
        )
        stands = await self._writer.create(seal, None)
        if stands.closing != seal.closing:
            # Another region runs the stream now, and had not heard of the closing that was sealed.
            await self._writer.change(stands, partial(_again, seal))

    async def missing(self, poll: Poll) -> list[str]:
        """Return the other regions of which votes may be missing here: without a seal, or not whole yet."""
        received = await self._ballots.received(poll.stream_id, poll.poll_id)
        seals = self._table.seals(poll)
        return [region for region in self._others if not _is_whole(seals.get(region), received.get(region, {}))]


def _again(seal: Seal, known: Seal) -> Seal:
    return replace(known, received=seal.received, closing=seal.closing)


def _is_whole(seal: Seal | None, received: Mapping[str, int]) -> bool:
    return seal is not None and all(received.get(bucket, 0) >= votes for bucket, votes in seal.received.items())


def unsealed(table: ControlTable, poll: Poll, regions: Collection[str]) -> list[str]:
    """Return those of `regions` that have not said yet what they have of a closed poll; of any other poll, none."""
    return [region for region in regions if region not in table.seals(poll)] if poll.status == "closed" else []
