"""Both stores as the jobs leave them, after a made-up poll whose truth is known."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from contracts.ballots import Digest, ballot_id, line
from contracts.tables import BALLOTS, BALLOTS_COLUMNS
from ovation.migrations import migrate
from tests.sql.server import MIGRATIONS, Server, running

START = dt.datetime(2026, 1, 10, 20, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Voter:
    """One voter as the job knows it. Without `choices` it has no ballot."""

    choices: tuple[str, ...] = ()
    outcome: str = "counted"
    replaced: int = 0
    duplicate: int = 0
    late: int = 0
    invalid: int = 0
    ineligible: int = 0

    @property
    def attempts(self) -> int:
        stands = self.outcome in ("counted", "withdrawn")
        return stands + self.replaced + self.duplicate + self.late + self.invalid + self.ineligible


CROWD = (
    *(Voter((str(1 + number % 2),)) for number in range(20)),
    *(Voter(("1", "3"), replaced=2) for _ in range(4)),
    Voter(("3",), duplicate=3),
    Voter(outcome="withdrawn", replaced=1),
    Voter(outcome="late", late=2),
    Voter(outcome="invalid", invalid=1),
    Voter(outcome="ineligible", ineligible=1, late=1),
)
VOTES = {"1": 14, "2": 10, "3": 5}
NUMBERS = {
    "voters": 25,
    "received": 43,
    "replaced": 9,
    "withdrawn": 1,
    "duplicate": 3,
    "late": 3,
    "invalid": 1,
    "ineligible": 1,
}
"""Of the crowd, counted by hand."""


def receipt(number: int) -> str:
    return f"01KEM{number:021}"


def digest(crowd: Sequence[Voter]) -> str:
    """The digest of the crowd's list, by the contract alone."""
    found = Digest()
    for text in lines(crowd):
        found.add(text)
    return str(found)


def lines(crowd: Sequence[Voter]) -> list[bytes]:
    """The lines of the crowd's list, by the contract alone."""
    return sorted(
        line(ballot_id(receipt(number)), voter.choices)
        for number, voter in enumerate(crowd)
        if voter.outcome == "counted"
    )


def write_history(client: Any, stream: str, poll: str, crowd: Sequence[Voter], region: str = "eu") -> None:
    """Write to ClickHouse as the job does: each voter again and again, and what is replaced is wrong."""
    for version, rows in ((1, [Voter(("2",), late=7)] * len(crowd)), (2, crowd), (2, crowd)):
        data = [
            {
                "stream_id": stream,
                "poll_id": poll,
                "voter": f"voter-{number}",
                "choices": list(voter.choices),
                "first_voted_at": START,
                "last_voted_at": START,
                "attempts": voter.attempts,
                "outcome": voter.outcome,
                "receipt": receipt(number) if voter.outcome in ("counted", "withdrawn") else "",
                **{name: getattr(voter, name) for name in ("replaced", "duplicate", "late", "invalid", "ineligible")},
                "playback_ms": None,
                "attempts_in": {region: voter.attempts},
                "version": version,
            }
            for number, voter in enumerate(rows)
        ]
        if data:
            client.insert(
                f"ovation.{BALLOTS}",
                [[row[name] for name in BALLOTS_COLUMNS] for row in data],
                column_names=list(BALLOTS_COLUMNS),
            )


async def write_live(redis: Redis, stream: str, poll: str, *, votes: Mapping[str, int] = VOTES, **numbers: int) -> None:
    """Write the poll's hash to Redis; a number that is not given is that of the crowd."""
    fields: dict[Any, Any] = {f"option:{option}": count for option, count in votes.items()} | NUMBERS | numbers
    await redis.hset(redis_keys.poll(stream, poll), mapping={"status": "closed", "is_final": 0, **fields})  # type: ignore[misc]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("ballots")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        client = server.client()
        client.command("SYSTEM STOP MERGES ovation.ballots")  # What was replaced stays, for FINAL to step over.
        client.close()
        yield server


@pytest.fixture
def clickhouse(engine: Server) -> Iterator[Any]:
    client = engine.client()
    yield client
    client.close()
