"""Pages of an export, as a gateway sends them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

from ovation.client.patience import insist
from ovation.client.transport import Transport
from ovation.errors import OvationError

PATIENCE_S = 120.0
"""How long a page is asked for again. It has the same rows every time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, in which form, and how many at once."""

    stream: str
    what: str
    form: str
    span: Mapping[str, int]
    page_rows: int

    def address(self, cursor: str | None) -> str:
        """Return where the page is that begins at a cursor."""
        query = {"format": self.form, "limit": self.page_rows, **self.span, **({"cursor": cursor} if cursor else {})}
        return f"/v1/streams/{self.stream}/history/exports/{self.what}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Page:
    """What was written of a page: how many lines, and where the next one begins, None behind the last."""

    lines: int
    next: str | None


class Pages:
    """Downloads pages whole, for a file that messages call `path`.

    Raises a `CallError` once patience is at its end, and OvationError at once when a page cannot be written.
    """

    def __init__(self, http: Transport, key: str, wanted: Wanted, path: Path) -> None:
        self._http = http
        self._key = key
        self._wanted = wanted
        self._path = path

    async def download(self, cursor: str | None, file: BinaryIO, *, without_header: bool = False) -> Page:
        """Write a page where the file stands, or what follows its first line.

        What there is of a page that broke off is taken back before it is asked for again.
        """
        start = file.tell()

        async def once() -> Page:
            _take_back(file, start)
            lines, is_header = 0, without_header
            async with self._http.request("GET", self._wanted.address(cursor), self._key) as response:
                async for part in response.content.iter_any():
                    kept = part
                    if is_header:
                        _, newline, kept = part.partition(b"\n")
                        is_header = not newline
                    lines += kept.count(b"\n")
                    self._write(file, kept)
                return Page(lines, response.headers.get("Next-Cursor"))

        try:
            return await insist(once, PATIENCE_S)
        except BaseException:
            _take_back(file, start)
            raise

    def _write(self, file: BinaryIO, part: bytes) -> None:
        try:
            file.write(part)
        except OSError as error:
            # As an OSError it would look like the connection's, and the page be asked for again.
            raise unwritable(self._path, error) from error


def unwritable(path: Path, error: OSError) -> OvationError:
    """Return what to raise for a file that cannot be written."""
    return OvationError(f"{path} cannot be written: {error.strerror or error}.")


def _take_back(file: BinaryIO, start: int) -> None:
    file.seek(start)
    file.truncate()


def replace(draft: Path, path: Path) -> None:
    """Give a finished file its name, so that under that name there is all of it or nothing new."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
