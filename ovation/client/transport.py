"""Requests over HTTP to one gateway, and what their failures mean."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from ovation.client import answers
from ovation.client.errors import NotSentError, UnansweredError

CONNECTIONS = 512
IDLE_S = 2.0
"""A connection that rests longer is closed: the gateway closes its own side after 5 s, and a request that crosses with
that has no answer."""
CONNECT_S = 10.0
ANSWER_S = 30.0
"""How long an answer may take once the request is out. Waiting for a free connection has no bound: nothing was sent."""


class Transport:
    """A pool of connections to the gateway at `url`."""

    def __init__(self, url: str) -> None:
        """Open the pool. Call it on the event loop that is to use it."""
        self._url = url
        # A crowd's requests are many and small: nothing is done to them that the gateway has no use for.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_S),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=ANSWER_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )
        # By itself aiohttp sends a DELETE again when a kept connection breaks: a withdrawal would arrive twice, and who
        # sent it would know of one. Its own test client is the only one that it offers a way out.
        self._session._retry_connection = False

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    @asynccontextmanager
    async def request(
        self,
        method: str,
        path: str,
        bearer: str | None = None,
        body: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield a 2xx answer, whose body is still to be read. Raises a `CallError`, then and while it is read."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        data = None if body is None else msgspec.json.encode(body)
        try:
            async with self._session.request(method, self._url + path, headers=headers, data=data) as response:
                if response.status >= 300:
                    content = await response.read()
                    raise answers.problem(response.status, content, response.headers.get("Retry-After"))
                yield response
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(f"{self._url} cannot be reached.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnansweredError(f"{self._url} did not answer {method} {path}: {type(error).__name__}.") from error
