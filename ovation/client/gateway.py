"""The gateway's HTTP interface: what a broadcaster asks of it, and a viewer without a socket."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from contracts.messages import Snapshot
from ovation.client import answers
from ovation.client.patience import insist
from ovation.client.transport import Transport

T = TypeVar("T")

PATIENCE_S = 60.0
"""How long a broadcaster's call is tried again. Each carries an `Idempotency-Key`, so it is done once."""


class GatewayClient:
    """Calls one gateway. Use it as an asynchronous context manager; every call raises a `CallError`.

    What a broadcaster writes is written with patience; every other call is made once, so that the caller knows what
    was sent.
    """

    def __init__(self, url: str, api_key: str = "") -> None:
        self.url = url.rstrip("/")
        self._key = api_key

    async def __aenter__(self) -> Self:
        self._http = Transport(self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def open_stream(self, title: str, emojis: Sequence[str], stream_id: str | None = None) -> str:
        """Open a stream and return its id; the gateway makes one up if none is given."""
        body: dict[str, Any] = {"title": title, "emojis": list(emojis)}
        if stream_id is not None:
            body["stream_id"] = stream_id
        return (await self._write("/v1/streams", body, answers.StreamOpened)).stream_id

    async def move_stream(self, stream_id: str) -> str:
        """Run a stream of another region in this gateway's from now on; return its id."""
        return (await self._write(f"/v1/streams/{stream_id}/move", {}, answers.StreamOpened)).stream_id

    async def open_poll(
        self, stream_id: str, question: str, options: Sequence[str], rules: dict[str, Any] | None = None
    ) -> answers.Poll:
        """Create a poll that is open from the start. `rules` are fields of the API; by default a first vote stays."""
        body = {"question": question, "options": list(options), "open": True, **(rules or {})}
        return await self._write(f"/v1/streams/{stream_id}/polls", body, answers.Poll)

    async def step(self, stream_id: str, poll_id: str, step: str) -> answers.Poll:
        """Take a poll a step on in its life: `open`, `pause`, `close` or `cancel`."""
        return await self._write(f"{_poll(stream_id, poll_id)}/{step}", None, answers.Poll)

    async def poll(self, stream_id: str, poll_id: str) -> answers.Poll:
        """Return a poll and its numbers, as its broadcaster sees them."""
        return await self._call("GET", _poll(stream_id, poll_id), answers.Poll, self._key)

    @asynccontextmanager
    async def ballots(self, stream_id: str, poll_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Download the list of a final poll's ballots, in chunks of bytes."""
        async with self._http.request("GET", f"{_poll(stream_id, poll_id)}/ballots", self._key) as response:
            yield response.content.iter_any()

    async def token(
        self, stream_id: str, viewer_id: str, role: str = "viewer", claims: dict[str, Any] | None = None
    ) -> str:
        """Return a token with which this viewer taps and votes, or an overlay watches."""
        body = {"viewer_id": viewer_id, "role": role, "claims": claims or {}}
        return (await self._write(f"/v1/streams/{stream_id}/tokens", body, answers.TokenIssued)).token

    async def react(
        self,
        stream_id: str,
        token: str,
        counts: dict[str, int],
        playback_ms: int | None = None,
        idempotency_key: str | None = None,
    ) -> answers.Counted:
        """Send taps. `playback_ms` is where in the video the viewer is. With a key they may be sent again."""
        path = f"/v1/streams/{stream_id}/reactions"
        body = {"counts": counts, **_position(playback_ms)}
        return await self._call("POST", path, answers.Counted, token, body, idempotency_key)

    async def vote(
        self,
        stream_id: str,
        token: str,
        poll_id: str,
        choices: Sequence[str],
        idempotency_key: str | None = None,
        playback_ms: int | None = None,
    ) -> str:
        """Vote and return the receipt. A late or ineligible vote is a `ProblemError` with a receipt.

        `playback_ms` is where in the video the viewer is.
        """
        path, body = f"{_poll(stream_id, poll_id)}/votes", {"choices": list(choices), **_position(playback_ms)}
        return (await self._call("POST", path, answers.Receipt, token, body, idempotency_key)).receipt

    async def withdraw(self, stream_id: str, token: str, poll_id: str, idempotency_key: str | None = None) -> str:
        """Take a vote back and return the receipt of that. Fails as a vote does."""
        path = f"{_poll(stream_id, poll_id)}/votes"
        return (await self._call("DELETE", path, answers.Receipt, token, None, idempotency_key)).receipt

    async def receipt(self, receipt: str) -> answers.VoteOutcome:
        """Return what became of a vote; its receipt is all that is asked for."""
        return await self._call("GET", f"/v1/receipts/{receipt}", answers.VoteOutcome)

    async def live(self, stream_id: str) -> Snapshot:
        """Return the snapshot of a stream, which needs no token."""
        return await self._call("GET", f"/v1/streams/{stream_id}/live", Snapshot)

    async def _write(self, path: str, body: dict[str, Any] | None, answer: type[T]) -> T:
        key = secrets.token_hex(16)
        return await insist(lambda: self._call("POST", path, answer, self._key, body, key), PATIENCE_S)

    async def _call(
        self,
        method: str,
        path: str,
        answer: type[T],
        bearer: str | None = None,
        body: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> T:
        async with self._http.request(method, path, bearer, body, idempotency_key) as response:
            content = await response.read()
        return answers.decode(content, msgspec.json.Decoder(answer))


def _position(playback_ms: int | None) -> dict[str, Any]:
    return {} if playback_ms is None else {"playback_ms": playback_ms}


def _poll(stream_id: str, poll_id: str) -> str:
    return f"/v1/streams/{stream_id}/polls/{poll_id}"
