"""The poll job beside its peers, in short. The run itself holds every tally against the crowd's own count."""

import subprocess
import sys

import pytest

from bench.peers import running as peers
from local.paths import CHECKOUT


@pytest.mark.flink
@pytest.mark.timeout(600)
def test_the_poll_job_counts_a_small_crowd_once_and_so_do_its_peers() -> None:
    command = [sys.executable, "-m", "bench.polls", "--short", "--backends", "rocksdb"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=500, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = [line for line in ran.stdout.splitlines() if "votes/s a core" in line]
    assert found[0].strip().startswith("poll job, state in RocksDB")
    assert ("; ratio " in ran.stdout) == peers.is_installed()
