import asyncio
import subprocess
import sys
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from gateway import tasks

HANGS = """
import concurrent.futures, threading
from gateway.tasks import exit_within
exit_within(0.5)
concurrent.futures.ThreadPoolExecutor().submit(threading.Event().wait)
"""


async def test_a_task_that_will_not_end_is_named_and_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_PART_S", 0.05)
    may_end = asyncio.Event()

    async def deaf() -> None:
        while not may_end.is_set():
            with suppress(asyncio.CancelledError):  # As a library may do in a race.
                await asyncio.sleep(0.01)

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    with capture_logs() as logs:
        await tasks.ends("the deaf one", tasks.end(task))
    assert [each["part"] for each in logs] == ["the deaf one"]
    may_end.set()
    await task


async def test_a_cancellation_that_a_library_lost_is_said_again() -> None:
    async def loses_one() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = asyncio.create_task(loses_one())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await tasks.end(task)
    assert task.cancelled()


async def test_a_task_ends_without_a_word() -> None:
    task = asyncio.create_task(asyncio.sleep(60))
    with capture_logs() as logs:
        await tasks.ends("one that listens", tasks.end(task))
    assert (task.cancelled(), logs) == (True, [])


def test_a_process_whose_pool_hangs_ends_all_the_same() -> None:
    assert subprocess.run([sys.executable, "-c", HANGS], timeout=20, check=False).returncode == 1
