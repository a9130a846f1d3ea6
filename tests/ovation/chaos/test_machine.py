"""Which processes ended though no fault ended them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.stack import Stack
from ovation.chaos.machine import Machine


@pytest.fixture
def pids() -> Iterator[dict[str, int]]:
    """The processes of a stack; killing one of them kills one that lives for this test."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield {"kafka": process.pid, "redis": os.getpid(), "clickhouse": os.getpid()}
        process.kill()


def machine(pids: dict[str, int]) -> Machine:
    settings = SimpleNamespace(kafka_bootstrap="127.0.0.1:1")
    supervisor: Any = SimpleNamespace(pids=lambda: dict(pids))
    return Machine(cast(Stack, SimpleNamespace(supervisor=supervisor, settings=settings, parts={})))


def test_who_was_killed_did_not_end_by_itself(pids: dict[str, int]) -> None:
    suffers = machine(pids)
    suffers.begin()
    suffers.kill("kafka")
    pids |= {"kafka": 1, "redis": 2}
    assert suffers.ended_by_themselves() == ["redis"]


def test_each_schedule_begins_anew(pids: dict[str, int]) -> None:
    suffers = machine(pids)
    suffers.begin()
    suffers.kill("kafka")
    suffers.begin()
    assert suffers.ended_by_themselves() == []
    del pids["kafka"]
    assert suffers.ended_by_themselves() == ["kafka"]
