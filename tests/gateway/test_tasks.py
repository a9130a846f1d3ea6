import asyncio
import subprocess
import sys

import pytest

from gateway import tasks

HANGS = """
import concurrent.futures, threading
from gateway.tasks import exit_within
exit_within(0.5)
concurrent.futures.ThreadPoolExecutor().submit(threading.Event().wait)
"""


async def test_a_part_that_does_not_end_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_PART_S", 0.05)
    await tasks.ends("one that hangs", asyncio.Event().wait())  # type: ignore[arg-type]


def test_a_process_whose_pool_hangs_ends_all_the_same() -> None:
    assert subprocess.run([sys.executable, "-c", HANGS], timeout=20, check=False).returncode == 1
