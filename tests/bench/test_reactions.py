"""The reaction job beside others, in short. The run itself holds what each of them counted against the taps."""

import subprocess
import sys

import pytest

from local.paths import CHECKOUT


@pytest.mark.flink
@pytest.mark.timeout(600)
def test_job_loop_and_peers_count_a_short_evening() -> None:
    command = [sys.executable, "-m", "bench.reactions", "--short"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=500, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ratios = [line for line in ran.stdout.splitlines() if "; ratio " in line]
    assert any("both sinks" in line for line in ratios)
    assert any("live alone" in line for line in ratios)
