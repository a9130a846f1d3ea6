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

from local.clickhouse.query import Result

PIPE_BYTES = 1024 * 1024
PART_BYTES = 64 * 1024

Begin = Callable[[str], Future[Result]]
Cancel = Callable[[str], Awaitable[None]]


class Answer:
    """One answer. Who has opened it closes it; who closes it early cancels its query."""

    def __init__(self, begin: Begin, cancel: Cancel) -> None:
        """Begin a query that writes to the file it is given; `cancel` ends the one that writes there.

        Raises QueryError when it cannot begin.
        """
        self._reading, writing = os.pipe()
        self._path = f"/dev/fd/{writing}"
        self._cancel = cancel
        try:
            os.set_blocking(self._reading, False)
            with contextlib.suppress(OSError):  # this user may have no such large ones left
                fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
            outcome = begin(self._path)
        except BaseException:
            os.close(self._reading)
            os.close(writing)
            raise
        # Not sooner, whoever is cancelled: until then the number must not become another file's.
        outcome.add_done_callback(lambda _: os.close(writing))
        self._outcome = asyncio.wrap_future(outcome)

    async def start(self, most: int | None) -> tuple[bytes, Result | None]:
        """Return the first bytes, and what the query cost if that is all: if there are fewer than `most`.

        Raises QueryError. It has closed then, and when that was all.
        """
        parts: list[bytes] = []
        size = 0
        result = None
        try:
            while result is None and (most is None or size < most):
                if part := await self._read():
                    parts.append(part)
                    size += len(part)
                else:
                    result = await asyncio.shield(self._outcome)
        except BaseException:
            await self.close()
            raise
        if result is not None:
            await self.close()
        return b"".join(parts), result

    async def rest(self) -> AsyncGenerator[bytes, None]:
        """Go through what follows. Raises QueryError when the query fails on its way."""
        while part := await self._read():
            yield part
        await asyncio.shield(self._outcome)

    async def close(self) -> None:
        """Let nothing more come, and end the query if it still runs. Does nothing the second time."""
        if self._reading < 0:
            return
        reading, self._reading = self._reading, -1
        try:
            # While its write still waits: one that fails does not end a query by itself.
            if not self._outcome.done():
                await self._cancel(self._path)
        finally:
            os.close(reading)
        with contextlib.suppress(Exception):
            await asyncio.shield(self._outcome)

    async def _read(self) -> bytes:
        while True:
            try:
                return os.read(self._reading, PART_BYTES)
            except BlockingIOError:
                await self._until_readable()

    async def _until_readable(self) -> None:
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._reading, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._reading)
