"""Counts a final poll again, from the list of its ballots and nothing else (contracts.ballots).

The list is read once, a line at a time, so a list of any length needs the same little memory.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

import msgspec

from contracts.ballots import Digest, Header
from ovation.errors import OvationError

_LINE = re.compile(rb'{"ballot":"([\w-]{22})","choices":\[((?:"[1-9]\d?",?)+)\]}\n', re.ASCII)
_LONGEST = 256 * 1024
"""More bytes than any line of a list has."""
_REPORT_EVERY = 20_000

_header = msgspec.json.Decoder(Header)
_anything = msgspec.json.Decoder()


class NotBallots(OvationError):  # noqa: N818 - it is what the file is
    """What was read is no list of ballots; says the line and what is wrong with it."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"This is no list of a poll's ballots. Line {number}: {what}")


class Difference(NamedTuple):
    """What the list says of itself, and what its ballots give."""

    what: str
    said: int | str
    counted: int | str


@dataclass(frozen=True, slots=True)
class Recount:
    """What the ballots of a list give; `votes` are in the order of the options."""

    header: Header
    votes: tuple[int, ...]
    voters: int
    digest: str

    @property
    def differences(self) -> list[Difference]:
        """Return where the list says something else; nothing if its result is right."""
        said = self.header["result"]
        outcomes = ("voters", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
        pairs = [
            Difference("ballots", self.header["ballots"], self.voters),
            Difference("voters", said["voters"], self.voters),
            *(
                Difference(f"votes for option {option['id']}", votes, counted)
                for option, votes, counted in zip(self.header["options"], said["votes"], self.votes, strict=True)
            ),
            Difference("received", said["received"], sum(said[name] for name in outcomes)),  # type: ignore[literal-required]
            Difference("digest", self.header["digest"], self.digest),
        ]
        return [pair for pair in pairs if pair.said != pair.counted]

    def members(self) -> dict[str, Any]:
        """Return the recount as JSON has it."""
        return {
            "stream_id": self.header["stream_id"],
            "poll_id": self.header["poll_id"],
            "agrees": not self.differences,
            "votes": {option["id"]: votes for option, votes in zip(self.header["options"], self.votes, strict=True)},
            "voters": self.voters,
            "digest": self.digest,
            "differences": [pair._asdict() for pair in self.differences],
        }


def recount(file: BinaryIO, on_progress: Callable[[int], None] = lambda _: None) -> Recount:
    """Read a list and count its ballots. `on_progress` is told now and then how many bytes were read.

    Raises NotBallots at the first line that does not belong into a list.
    """
    first = file.readline(_LONGEST)
    header = _read_header(first)
    digest, previous, read = Digest(), b"", len(first)
    votes = [0] * len(header["options"])
    # Few sets of options are chosen again and again.
    options_of = lru_cache(4096)(_Options(header).indexes)
    number = 1
    for number, line in _lines(file):
        match = _LINE.fullmatch(line)
        if match is None:
            raise NotBallots(number, _fault(line))
        ballot, choices = match.groups()
        if ballot <= previous:
            raise NotBallots(number, "ballots are sorted by their ids, and each is there once; this one is not.")
        try:
            for index in options_of(choices):
                votes[index] += 1
        except ValueError as error:
            raise NotBallots(number, str(error)) from error
        digest.add(line)
        previous = ballot
        read += len(line)
        if number % _REPORT_EVERY == 0:
            on_progress(read)
    on_progress(read)
    return Recount(header, tuple(votes), number - 1, str(digest))


class _Options:
    """Which options a ballot may choose."""

    def __init__(self, header: Header) -> None:
        self._index = {option["id"]: index for index, option in enumerate(header["options"])}
        self._max_choices = header["max_choices"]

    def indexes(self, choices: bytes) -> tuple[int, ...]:
        """Return the places of the options chosen. Raises ValueError for a ballot that cannot count."""
        ids: list[str] = msgspec.json.decode(b"[" + choices + b"]")
        if unknown := [each for each in ids if each not in self._index]:
            raise ValueError(f"the poll has no option {unknown[0]}.")
        if len(ids) > self._max_choices:
            raise ValueError(f"a ballot chooses at most {self._max_choices}, and this one {len(ids)}.")
        found = tuple(self._index[each] for each in ids)
        if any(later <= earlier for earlier, later in pairwise(found)):
            raise ValueError("a ballot names options in the order of the poll, and each once.")
        return found


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    return enumerate(iter(lambda: file.readline(_LONGEST), b""), 2)


def _read_header(line: bytes) -> Header:
    try:
        header = _header.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotBallots(1, _header_fault(line, error)) from error
    if not len(header["options"]) == len(header["result"]["votes"]):
        raise NotBallots(1, "there are not as many votes as options.")
    return header


def _header_fault(line: bytes, error: Exception) -> str:
    if not line:
        return "there is nothing."
    try:
        found = _anything.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "it is not JSON."
    if isinstance(found, dict) and {"type", "title", "detail"} <= found.keys():
        return f"it is an answer of the gateway that says no: {found['detail']}"
    if isinstance(found, dict) and "ballot" in found:
        return "it is a ballot; the line before the ballots, with poll and result, is missing."
    return f"it does not say which poll and which result. {error}."


def _fault(line: bytes) -> str:
    if not line.endswith(b"\n"):
        return "it ends in the middle: the list was cut off."
    if line.endswith(b"\r\n"):
        return "it ends with CR LF: a program has changed the ends of the lines."
    return 'it is not a ballot, {"ballot":"…","choices":["…"]} with nothing between.'
