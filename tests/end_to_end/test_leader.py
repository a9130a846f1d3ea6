"""Who follows hears of the next leader, whatever happens to it while there is none."""

import os
import signal
import time

import pytest

from local.flink import JOBMANAGER, TASKMANAGERS
from local.stack import Stack
from local.zookeeper import SESSION_MS
from ovation.deployments import DEPLOYMENTS
from ovation.errors import OvationError
from ovation.flink_api import Flink
from ovation.flink_waits import wait_until_running

FOUND_AGAIN_S = 150
"""A quiet machine took 4 s; who has not heard of it ends itself after five minutes."""


def taskmanagers(flink: Flink) -> int:
    """Return how many TaskManagers Flink knows, none while nobody leads."""
    try:
        return flink.overview()["taskmanagers"]
    except OvationError:
        return 0


@pytest.mark.slow
def test_a_taskmanager_that_hangs_while_nobody_leads_hears_of_the_next_leader(stack: Stack, flink: Flink) -> None:
    pids = stack.supervisor.pids()
    hanging = pids[TASKMANAGERS[0]]
    os.kill(pids[JOBMANAGER], signal.SIGKILL)
    # Not before the dead one's session has ended is there nobody; and nobody comes meanwhile.
    while (following := stack.supervisor.pids().get(JOBMANAGER)) in {None, pids[JOBMANAGER]}:
        time.sleep(0.02)
    assert following is not None
    os.kill(following, signal.SIGSTOP)
    time.sleep(SESSION_MS / 1000 + 1)
    os.kill(hanging, signal.SIGSTOP)
    time.sleep(SESSION_MS / 1000 * 1.5)
    os.kill(hanging, signal.SIGCONT)
    time.sleep(1)
    os.kill(following, signal.SIGCONT)

    deadline = time.monotonic() + FOUND_AGAIN_S
    while taskmanagers(flink) < stack.settings.flink_taskmanagers:
        assert time.monotonic() < deadline, "one of them has not heard of it"
        time.sleep(0.1)
    assert stack.supervisor.pids()[TASKMANAGERS[0]] == hanging
    for deployment in DEPLOYMENTS:
        wait_until_running(flink, deployment.name)
