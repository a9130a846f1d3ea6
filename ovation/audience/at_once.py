"""Many calls, some of them at once."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 32
"""Requests that are on their way at once."""


async def at_once(works: Iterable[Awaitable[T]]) -> list[T]:
    """Return what `works` return, in their order, with at most `AT_ONCE` of them begun at a time.

    What the first of them raises ends the others.
    """
    free = asyncio.Semaphore(AT_ONCE)

    async def one(work: Awaitable[T]) -> T:
        async with free:
            return await work

    tasks = [asyncio.create_task(one(work)) for work in works]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
