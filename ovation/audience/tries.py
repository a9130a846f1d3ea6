"""Requests of a viewer without a socket, who goes on at another gateway, and tries again under an `Idempotency-Key`."""

import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from ovation.audience.casting import PATIENCE_S
from ovation.client.errors import NotSentError, UnansweredError
from ovation.client.gateway import GatewayClient
from ovation.client.patience import insist

T = TypeVar("T")
Call = Callable[[GatewayClient, str | None], Awaitable[T]]
"""One try at a gateway, under a key or none."""


class Gateways:
    """Those that a viewer knows, of which one is called until it does not answer."""

    def __init__(self, gateways: Sequence[GatewayClient]) -> None:
        self._gateways = gateways
        self._current = 0

    async def call(self, call: Call[T], key: str | None, further: int = 0) -> T:
        """Return what the current gateway answers, or the one so much `further`. Raises a CallError."""
        number = (self._current + further) % len(self._gateways)
        try:
            return await call(self._gateways[number], key)
        except (NotSentError, UnansweredError):
            self._current = (number + 1) % len(self._gateways)
            raise


class Tries:
    """The tries of one request. `unanswered_s` are the moments, by `time.perf_counter`, at which one was given up."""

    def __init__(self, gateways: Gateways, *, keyed: bool) -> None:
        self._gateways = gateways
        self.key = secrets.token_hex(16) if keyed else None
        self.unanswered_s: list[float] = []

    async def run(self, call: Call[T]) -> T:
        """Return the answer. Without a key one try is all, as a second could do it twice. Raises a CallError."""
        if self.key is None:
            return await self._once(call)
        return await insist(lambda: self._once(call), PATIENCE_S)

    async def _once(self, call: Call[T]) -> T:
        try:
            return await self._gateways.call(call, self.key)
        except UnansweredError:
            self.unanswered_s.append(time.perf_counter())
            raise
