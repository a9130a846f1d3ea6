"""An answer that leaves while its query runs. If that fails the answer breaks off: it has no proper end."""

import logging
from collections.abc import AsyncGenerator, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from local.clickhouse.answer import Answer
from local.clickhouse.errors import QueryError

log = logging.getLogger(__name__)


class LongAnswer(StreamingResponse):
    """The first bytes of an answer, and then the rest, as fast as the client takes it."""

    def __init__(self, first: bytes, answer: Answer, headers: Mapping[str, str]) -> None:
        super().__init__(_parts(first, answer), 200, headers)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all of it, or end its query."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._answer.close()

    async def stream_response(self, send: Send) -> None:
        """Send head and parts."""
        try:
            await super().stream_response(send)
        except QueryError as error:
            log.warning("an answer broke off: %s", error.text.partition(" (version ")[0])


async def _parts(first: bytes, answer: Answer) -> AsyncGenerator[bytes, None]:
    yield first
    async for part in answer.rest():
        yield part
