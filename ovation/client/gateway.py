"""The gateway's HTTP interface: what a broadcaster and a viewer ask of it."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
import msgspec

from contracts.messages import Snapshot
from ovation.client import answers
from ovation.client.errors import NotSentError, UnansweredError
from ovation.client.socket import MessageListener, ViewerSocket

T = TypeVar("T")

CONNECTIONS = 64
IDLE_S = 2.0
"""A connection that rests longer is closed: the gateway closes its own side after 5 s, and a request that crosses with
that has no answer."""
CONNECT_S = 10.0
ANSWER_S = 30.0
"""How long an answer may take once the request is out. Waiting for a free connection has no bound: nothing was sent."""


class GatewayClient:
    """Calls one gateway. Use it as an asynchronous context manager; every call raises a `CallError`."""

    def __init__(self, url: str, api_key: str = "") -> None:
        self._url = url.rstrip("/")
        self._key = api_key

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_S)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=ANSWER_S)
        # Sockets have a pool of their own: they live long, and requests must not wait for them.
        # A crowd's requests are many and small: nothing is done to them that the gateway has no use for.
        self._requests = aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )
        self._sockets = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._requests.close()
        await self._sockets.close()

    async def open_stream(self, title: str, emojis: Sequence[str], stream_id: str | None = None) -> str:
        """Open a stream and return its id; the gateway makes one up if none is given."""
        body: dict[str, Any] = {"title": title, "emojis": list(emojis)}
        if stream_id is not None:
            body["stream_id"] = stream_id
        return (await self._post("/v1/streams", self._key, body, answers.StreamOpened)).stream_id

    async def open_poll(
        self, stream_id: str, question: str, options: Sequence[str], *, allow_change: bool = False
    ) -> answers.PollOpened:
        """Create a poll with one choice per voter, open from the start."""
        body = {
            "question": question,
            "options": list(options),
            "max_choices": 1,
            "allow_change": allow_change,
            "results": "always",
            "open": True,
        }
        return await self._post(f"/v1/streams/{stream_id}/polls", self._key, body, answers.PollOpened)

    async def token(self, stream_id: str, viewer_id: str, role: str = "viewer") -> str:
        """Return a token with which this viewer taps and votes, or an overlay watches."""
        body = {"viewer_id": viewer_id, "role": role}
        return (await self._post(f"/v1/streams/{stream_id}/tokens", self._key, body, answers.TokenIssued)).token

    async def react(self, stream_id: str, token: str, counts: dict[str, int]) -> answers.Counted:
        """Send taps."""
        return await self._post(f"/v1/streams/{stream_id}/reactions", token, {"counts": counts}, answers.Counted)

    async def vote(self, stream_id: str, token: str, poll_id: str, choices: Sequence[str]) -> str:
        """Vote and return the receipt."""
        path = f"/v1/streams/{stream_id}/polls/{poll_id}/votes"
        return (await self._post(path, token, {"choices": list(choices)}, answers.Receipt)).receipt

    async def live(self, stream_id: str) -> Snapshot:
        """Return the snapshot of a stream, which needs no token."""
        return await self._call("GET", f"/v1/streams/{stream_id}/live", None, None, Snapshot)

    def socket(self, stream_id: str, token: str, listener: MessageListener | None = None) -> ViewerSocket:
        """Return a socket that connects when it is run. `listener` gets every message but the answers to frames."""
        return ViewerSocket(self._sockets, f"{self._url}/v1/streams/{stream_id}/ws", token, listener)

    async def _post(self, path: str, key: str, body: dict[str, Any], answer: type[T]) -> T:
        return await self._call("POST", path, key, msgspec.json.encode(body), answer)

    async def _call(self, method: str, path: str, key: str | None, body: bytes | None, answer: type[T]) -> T:
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        try:
            async with self._requests.request(method, self._url + path, headers=headers, data=body) as response:
                status, content = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(f"{self._url} cannot be reached.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnansweredError(f"{self._url} did not answer {method} {path}: {type(error).__name__}.") from error
        if status >= 300:
            raise answers.problem(status, content)
        return answers.decode(content, msgspec.json.Decoder(answer))
