"""A small machine is small: who takes more than it has is ended, and nobody else is."""

import multiprocessing
import signal
import subprocess
import sys

import pytest

from tests.end_to_end.small_machine import small_machine

MB = 200
TAKE = "import sys; taken = bytearray(int(sys.argv[1]) << 20); taken[::4096] = b'x' * len(taken[::4096])"


def taking(mb: int) -> int:
    """Return how a process ended that takes so much."""
    return subprocess.run([sys.executable, "-c", TAKE, str(mb)], check=False).returncode


def look_from_inside() -> None:
    with small_machine(MB) as machine:
        assert machine is not None
        with machine.inside():
            assert (taking(MB // 4), machine.ended) == (0, 0)
            assert (taking(MB * 3 // 2), machine.ended) == (-signal.SIGKILL, 1)
        assert MB // 4 < machine.most_mb <= MB
        # Who is outside again takes what it likes.
        assert (taking(MB * 3 // 2), machine.ended) == (0, 1)


def test_the_kernel_ends_who_takes_more_than_it_has() -> None:
    with small_machine(MB) as machine:
        if machine is None:
            pytest.skip("No control group can be made here.")
    # The kernel ends the largest of a group. That must not be this process, which has run other tests.
    small = multiprocessing.get_context("spawn").Process(target=look_from_inside)
    small.start()
    small.join()
    assert small.exitcode == 0
