"""The recount: a poll's numbers, and the list of its ballots, from the ballots in ClickHouse and nothing else."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

from contracts.ballots import BALLOT_ID_SQL, LINE_SQL, Digest
from contracts.buckets import BUCKET_CLICKHOUSE
from contracts.tables import BALLOTS, DATABASE
from gateway.final.numbers import Numbers

_POLL = "stream_id = {stream_id:String} AND poll_id = {poll_id:String}"

# FINAL: of a voter's rows only the newest counts, merged or not.
_RECOUNT = f"""
SELECT
    sumMapIf(CAST(choices, 'Array(String)'), arrayMap(_ -> toUInt64(1), choices), outcome = 'counted'),
    countIf(outcome = 'counted'),
    sum(attempts),
    sum(replaced),
    countIf(outcome = 'withdrawn'),
    sum(duplicate),
    sum(late),
    sum(invalid),
    sum(ineligible)
FROM {DATABASE}.{BALLOTS} FINAL
WHERE {_POLL}
"""  # noqa: S608 - names of this project, and ClickHouse's own parameters

_RECEIVED = f"""
SELECT {BUCKET_CLICKHOUSE} AS bucket, sumMap(attempts_in)
FROM {DATABASE}.{BALLOTS} FINAL
WHERE {_POLL}
GROUP BY bucket
"""  # noqa: S608

# A block is joined on the event loop: it is small, so that nobody waits for it. Past a bound, sorting goes to disk.
_LINES = f"""
SELECT {LINE_SQL} AS line
FROM {DATABASE}.{BALLOTS} FINAL
WHERE {_POLL} AND outcome = 'counted'
ORDER BY {BALLOT_ID_SQL}
SETTINGS max_block_size = 8192, max_bytes_before_external_sort = 268435456
"""  # noqa: S608


class History(Protocol):
    """Runs queries on ClickHouse (gateway.history.client). Both raise Refused when it does not answer in time."""

    async def rows(self, query: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]: ...

    def blocks(self, query: str, parameters: Mapping[str, Any]) -> AsyncIterator[Sequence[Sequence[Any]]]: ...


class Ballots:
    """The ballots of polls. Everything raises Refused when ClickHouse does not answer in time."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def recount(self, stream_id: str, poll_id: str) -> Numbers:
        """Count a poll's ballots, and whatever else of its votes did not count."""
        [row] = await self._history.rows(_RECOUNT, {"stream_id": stream_id, "poll_id": poll_id})
        (option_ids, counts), voters, received, replaced, withdrawn, duplicate, late, invalid, ineligible = row
        return Numbers(
            votes=dict(zip(option_ids, counts, strict=True)),
            voters=voters,
            received=received,
            replaced=replaced,
            withdrawn=withdrawn,
            duplicate=duplicate,
            late=late,
            invalid=invalid,
            ineligible=ineligible,
        )

    async def received(self, stream_id: str, poll_id: str) -> dict[str, dict[str, int]]:
        """Return how many votes of a poll came, by the region that took them and the bucket of voters."""
        found: dict[str, dict[str, int]] = {}
        for bucket, regions in await self._history.rows(_RECEIVED, {"stream_id": stream_id, "poll_id": poll_id}):
            for region, votes in regions.items():
                found.setdefault(region, {})[str(bucket)] = votes
        return found

    async def lines(self, stream_id: str, poll_id: str) -> AsyncGenerator[bytes, None]:
        """Go through the lines of the list of ballots (contracts.ballots), some thousand at a time."""
        async for block in self._history.blocks(_LINES, {"stream_id": stream_id, "poll_id": poll_id}):
            yield "".join(line for (line,) in block).encode()

    async def digest(self, stream_id: str, poll_id: str) -> tuple[str, int]:
        """Return the digest of the list of ballots, and how many there are."""
        digest, ballots = Digest(), 0
        async for part in self.lines(stream_id, poll_id):
            digest.add(part)
            ballots += part.count(b"\n")
        return str(digest), ballots
