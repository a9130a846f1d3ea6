"""The gateway's connection to ClickHouse, which it makes when it is first asked, and again whenever that failed."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import structlog

from gateway import problems
from gateway.history.driver import Driver
from gateway.history.limits import EXCEEDED, limits
from gateway.refusal import Refused

log = structlog.get_logger(__name__)

TIMEOUT_S = 3
"""How long ClickHouse may take to answer, and then to send each next part."""
LONG_S = 600
"""How long an answer may take that is sent on as it comes: it goes as fast as its reader takes it."""

_FAILED = b"\r\n__exception__\r\n"
_TAIL_BYTES = 32 * 1024
"""What a server writes behind an answer that it cannot finish, and how much that is at most."""

_EDGE = "This gateway is an edge, without a ClickHouse; another gateway has the history, receipts and ballots."

Row = Sequence[Any]


class History:
    """Runs queries. Parameters go as ClickHouse's own, `{name:Type}`, and never into the text of a query."""

    def __init__(self, url: str, user: str, password: str, *, timeout_s: float = TIMEOUT_S) -> None:
        """`url` is empty on an edge, where nothing is ever answered."""
        self._driver = Driver() if url else None
        self._timeout_s = timeout_s
        self._options = {
            "dsn": url,
            "interface": urlsplit(url).scheme,  # which the client does not read from the address
            "username": user,
            "password": password,
            "database": "default",
            "connect_timeout": TIMEOUT_S,
            "send_receive_timeout": timeout_s,
            "query_retries": 0,
        }
        self._client: Any = None
        self._connecting = asyncio.Lock()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def rows(self, query: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
        """Return all rows of an answer. Raises Refused when ClickHouse does not give it in time and within limits."""
        with self._refusals():
            async with asyncio.timeout(self._timeout_s):
                client = await self._connected()
                answer = await client.query(query, parameters=dict(parameters), settings=limits(self._timeout_s))
        rows: Sequence[Row] = answer.result_rows
        return rows

    async def blocks(self, query: str, parameters: Mapping[str, Any]) -> AsyncIterator[Sequence[Row]]:
        """Go through an answer of any length, some thousand rows at a time.

        Raises Refused when ClickHouse does not begin, or go on, in time.
        """
        settings = limits(LONG_S, None)
        with self._refusals():
            async with asyncio.timeout(self._timeout_s):
                client = await self._connected()
                stream = await client.query_row_block_stream(query, parameters=dict(parameters), settings=settings)
        async with stream:
            blocks = aiter(stream)
            while True:
                with self._refusals():
                    block: Sequence[Row] | None = await anext(blocks, None)
                if block is None:
                    return
                yield block

    async def document(
        self, query: str, parameters: Mapping[str, Any], form: str, settings: Mapping[str, str], max_rows: int
    ) -> AsyncGenerator[bytes, None]:
        """Go through an answer of any length as ClickHouse writes it in one of its formats.

        No more than a few parts are ever held: who takes them slowly slows ClickHouse down. Raises Refused when it does
        not begin, or go on, in time, or breaks off.
        """
        asked = {**limits(LONG_S, max_rows), **settings}
        with self._refusals():
            async with asyncio.timeout(self._timeout_s):
                client = await self._connected()
                stream = await client.raw_stream(query, parameters=dict(parameters), settings=asked, fmt=form)
        tail = b""
        async with stream:
            parts = aiter(stream)
            while True:
                with self._refusals():
                    part: bytes | None = await anext(parts, None)
                if part is None:
                    break
                tail = (tail + part)[-_TAIL_BYTES:]
                yield part
        if _FAILED in tail:
            log.warning("clickhouse broke an answer off", reason=tail.partition(_FAILED)[2].decode(errors="replace"))
            raise Refused(problems.HISTORY_UNREACHABLE)

    async def _connected(self) -> Any:
        if self._driver is None:
            raise Refused(problems.HISTORY_UNREACHABLE, _EDGE)
        async with self._connecting:
            if self._client is None:
                self._client = await self._driver.connect(**self._options)
        return self._client

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        own = self._driver.failures if self._driver is not None else ()
        failures: tuple[type[Exception], ...] = (*own, OSError, TimeoutError)
        try:
            yield
        except failures as error:
            code = getattr(error, "code", None)
            log.warning("clickhouse does not answer", reason=type(error).__name__, code=code)
            raise Refused(problems.HISTORY_LIMIT if code in EXCEEDED else problems.HISTORY_UNREACHABLE) from error
