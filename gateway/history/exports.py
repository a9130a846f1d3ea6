"""Exports under way in this gateway. Each holds a query in ClickHouse for as long as its reader takes, so few go on."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager

from gateway import problems
from gateway.auth import SigningKey
from gateway.history.client import History
from gateway.history.export import Page, Table, Wanted, find_page, rows_of
from gateway.history.export_cursor import Cursors
from gateway.history.export_formats import Format
from gateway.refusal import Refused

AT_ONCE = 4


class Exports:
    """Finds pages, and has them written. What asks ClickHouse raises Refused as `gateway.history.client.History`."""

    def __init__(self, history: History, secrets: Sequence[SigningKey]) -> None:
        self._history = history
        self._going_on = 0
        self.cursors = Cursors(secrets)

    async def page(self, table: Table, wanted: Wanted) -> Page:
        """Return the page that begins behind a key."""
        return await find_page(self._history, table, wanted)

    def document(self, page: Page, form: Format) -> AsyncGenerator[bytes, None]:
        """Go through a page's rows, as a document."""
        return rows_of(self._history, page, form)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places. Raises Refused when all are taken."""
        if self._going_on >= AT_ONCE:
            raise Refused(problems.TOO_MUCH_WAITING, f"{AT_ONCE} exports go on here already.")
        self._going_on += 1
        try:
            yield
        finally:
            self._going_on -= 1
