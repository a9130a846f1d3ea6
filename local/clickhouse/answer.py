"""The answer of a SELECT while the engine still writes it: through a pipe, so that it comes as fast as it is taken.

The engine's own streaming makes a document of every block. Into a file it writes one, whatever the format, and a pipe
is a file that holds a mebibyte. Its writing end is closed when the query has ended.
"""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import Future
from typing import Self

from local.clickhouse.query import Result

PIPE_BYTES = 1024 * 1024
PART_BYTES = 64 * 1024

Begin = Callable[[str], Future[Result]]
Cancel = Callable[[str], Awaitable[None]]


class Answer:
    """One answer. Who has opened it closes it; who closes it early cancels its query."""

    def __init__(self, path: str, outcome: Future[Result], parts: asyncio.StreamReader, cancel: Cancel) -> None:
        self._path = path
        self._outcome = asyncio.wrap_future(outcome)
        self._parts = parts
        self._cancel = cancel
        self._transport: asyncio.BaseTransport | None = None

    @classmethod
    async def open(cls, begin: Begin, cancel: Cancel) -> Self:
        """Begin a query that writes to the file it is given; `cancel` ends the one that writes there.

        Raises QueryError when it cannot begin.
        """
        reading, writing = os.pipe()
        with contextlib.suppress(OSError):  # this user may have no such large ones left
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        path = f"/dev/fd/{writing}"
        try:
            outcome = begin(path)
        except BaseException:
            os.close(reading)
            os.close(writing)
            raise
        # Not sooner, whoever is cancelled: until then the number must not become another file's.
        outcome.add_done_callback(lambda _: os.close(writing))
        self = cls(path, outcome, asyncio.StreamReader(limit=PART_BYTES), cancel)
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self._parts), os.fdopen(reading, "rb", 0)
        )
        return self

    async def start(self, most: int | None) -> tuple[bytes, Result | None]:
        """Return the first bytes, and what the query cost if that is all: if there are fewer than `most`.

        Raises QueryError, and then has closed.
        """
        parts: list[bytes] = []
        size = 0
        try:
            while most is None or size < most:
                part = await self._parts.read(PART_BYTES)
                if not part:
                    return b"".join(parts), await asyncio.shield(self._outcome)
                parts.append(part)
                size += len(part)
        except BaseException:
            await self.close()
            raise
        return b"".join(parts), None

    async def rest(self) -> AsyncGenerator[bytes, None]:
        """Go through what follows. Raises QueryError when the query fails on its way."""
        while part := await self._parts.read(PART_BYTES):
            yield part
        await asyncio.shield(self._outcome)

    async def close(self) -> None:
        """Let nothing more come, and end the query if it still runs."""
        if self._transport is not None:
            self._transport.close()
        if not self._outcome.done():
            # A write that waits for a reader fails now; then the query sees that it was cancelled.
            await self._cancel(self._path)
        with contextlib.suppress(Exception):
            await asyncio.shield(self._outcome)
