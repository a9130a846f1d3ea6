"""Files of past records, looked through before anything is counted: what is in them, and what cannot be read.

A line is a record of `reactions` or of `votes`, as `contracts/schemas` describes them; votes have a member `votes`.
"""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from contracts.canonical import CANONICAL
from jobs.dead_letters import reason_checker
from ovation.backfill import Kind
from ovation.errors import OvationError

Report = Callable[[int], None]
"""Told how many bytes of the files have been looked through, as they are on disk."""

MAX_LINE_BYTES = 1_048_576
"""The largest batch of votes takes a seventh of it."""
MAX_NAMED = 5
"""Unreadable lines that are shown with their reason; all are counted."""
_REPORT_EVERY = 5_000


@dataclass(slots=True)
class Contents:
    """How many records the files hold, and what is wrong with the others. `named` are sentences about the first."""

    records: dict[Kind, int] = field(default_factory=lambda: {"reactions": 0, "votes": 0})
    unreadable: int = 0
    named: list[str] = field(default_factory=list)


def check(paths: Sequence[Path]) -> None:
    """Raise OvationError where a path is no file, or one that was named before, whose taps would count twice."""
    seen = set()
    for path in paths:
        if not path.exists():
            raise OvationError(f"{path}: there is no such file.")
        if not path.is_file():
            raise OvationError(f"{path} is no file.")
        if path.resolve() in seen:
            raise OvationError(f"{path} is named twice: what is in it would count twice.")
        seen.add(path.resolve())


def packed(path: Path) -> bool:
    """Return whether the file is unpacked while it is read, here and by Flink: its name ends in `.gz`."""
    return path.suffix.lower() == ".gz"


def look_through(paths: Sequence[Path], report: Report = lambda _: None) -> Contents:
    """Return what the files hold. Raises OvationError when one cannot be read, or none holds a record."""
    contents = Contents()
    read_before = 0
    kind_of = Reader()
    for path in paths:
        for number, line, done in _lines(path):
            if number % _REPORT_EVERY == 0:
                report(read_before + done)
            if not line.strip():
                continue
            kind, reason = kind_of(line)
            if reason is None:
                contents.records[kind] += 1
                continue
            contents.unreadable += 1
            if len(contents.named) < MAX_NAMED:
                contents.named.append(f"{path}, line {number}: {reason}")
        read_before += path.stat().st_size
        report(read_before)
    if not any(contents.records.values()):
        why = f" The first line that is none: {contents.named[0]}" if contents.named else ""
        raise OvationError(f"There is no record of reactions or votes in {', '.join(map(str, paths))}.{why}")
    return contents


class Reader:
    """Says of a line which kind of record it is, and what is wrong with it, by the schemas."""

    def __init__(self) -> None:
        """Load the schemas."""
        kinds: tuple[Kind, ...] = ("reactions", "votes")
        self._written = {kind: re.compile(CANONICAL[kind]) for kind in kinds}
        self._reason = {kind: reason_checker(kind) for kind in kinds}

    def __call__(self, line: bytes) -> tuple[Kind, str | None]:
        """Return the kind of record in `line`, and None or what is wrong."""
        try:
            record = msgspec.json.decode(line)
        except msgspec.DecodeError as fault:
            return "reactions", f"not JSON: {fault}"
        except RecursionError:
            return "reactions", "not JSON: nested too deep"
        kind: Kind = "votes" if isinstance(record, dict) and "votes" in record else "reactions"
        # As a gateway writes it, whatever blanks and escapes the file has: far quicker than the schema.
        if self._written[kind].match(msgspec.json.encode(record).decode()):
            return kind, None
        return kind, self._reason[kind](line)


def _lines(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Go through the lines of a file: number, text, and how many bytes were read from disk so far."""
    number = 0
    try:
        with path.open("rb") as raw, gzip.open(raw) if packed(path) else nullcontext(raw) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise OvationError(f"{path}, line {number} is longer than {MAX_LINE_BYTES:,} bytes: no record is.")
                yield number, line, raw.tell()
    except (OSError, EOFError, zlib.error) as error:
        raise OvationError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
