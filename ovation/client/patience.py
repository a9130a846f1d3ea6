"""Asks again for as long as a failure may pass: what an operator's program does instead of giving up."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ovation.client.backoff import Backoff
from ovation.client.errors import CallError

T = TypeVar("T")


async def insist(call: Callable[[], Awaitable[T]], patience_s: float) -> T:
    """Return what `call` returns, called again after each `CallError` that may pass.

    It waits as long as the gateway's `Retry-After` says and a little longer, so that not everybody comes back at once.
    Raises the last failure when the next try would come later than `patience_s` from now, and any other failure at
    once. The call must be one that may arrive twice.
    """
    backoff = Backoff(random.Random())  # noqa: S311 - jitter guards nothing
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return await call()
        except CallError as error:
            wait_s = (error.retry_after_s or 0) + backoff.next()
            if not error.is_temporary or time.monotonic() + wait_s > deadline:
                raise
        await asyncio.sleep(wait_s)
