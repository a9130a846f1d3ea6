"""The published list of ballots, downloaded and counted again here: the one recount that needs no store."""

import asyncio
from pathlib import Path

from ovation.audience.voters.place import Place
from ovation.recount import Recount, recount
from ovation.verify.numbers import Account, InPoll, Key, Span

NAME = "recount"


async def download(place: Place, path: Path) -> None:
    """Write the list into a file, through the first gateway. Raises a CallError, and OSError."""
    content = bytearray()
    async with place.gateways[0].ballots(place.stream_id, place.poll_id) as chunks:
        async for chunk in chunks:
            content += chunk
    await asyncio.to_thread(path.write_bytes, content)


def count(path: Path) -> Recount:
    """Count the ballots of a list. Raises OvationError for a file that is none."""
    with path.open("rb") as file:
        return recount(file)


def account(counted: Recount) -> Account:
    """Return what the ballots say: of whatever did not count there is nothing in them."""
    poll_id = counted.header["poll_id"]
    numbers: dict[Key, Span] = {InPoll(poll_id, "voters"): Span.exactly(counted.voters)}
    for option, votes in zip(counted.header["options"], counted.votes, strict=True):
        numbers[InPoll(poll_id, f"option:{option['id']}")] = Span.exactly(votes)
    return Account(NAME, numbers, partial=True)


def faults(counted: Recount) -> list[str]:
    """Return, as sentences, where the list's own first line says something else than its ballots."""
    return [
        f"the list of ballots says {what} {said}, its ballots give {found}" for what, said, found in counted.differences
    ]
