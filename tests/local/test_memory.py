import os
from pathlib import Path

import pytest

from local import memory, processes

ROLLUP = "55d0-7ff0 ---p 00000000 00:00 0    [rollup]\nRss:   9000 kB\nPss:   {} kB\nPss_Anon:   1 kB\n"


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /proc with two processes."""
    monkeypatch.setattr(memory, "PROC", tmp_path)
    for pid, kb in ((1, 2048), (2, 1024)):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "smaps_rollup").write_text(ROLLUP.format(kb))
    (tmp_path / "meminfo").write_text("MemTotal:  4096 kB\nMemAvailable:    3071 kB\n")
    return tmp_path


def test_processes_add_up_and_those_that_are_gone_count_nothing(proc: Path) -> None:
    assert memory.used_mb([1, 2, 3]) == 3


def test_where_the_system_tells_nothing_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "PROC", tmp_path / "nowhere")

    assert memory.used_mb([1]) is None
    assert memory.used_mb([]) is None
    assert memory.available_mb() is None


def test_what_the_machine_can_give_is_told_in_whole_mb(proc: Path) -> None:
    assert memory.available_mb() == 2


@pytest.mark.skipif(not processes.PROC.is_dir(), reason="there is no /proc here")
def test_a_real_process_takes_some() -> None:
    assert (memory.used_mb([os.getpid()]) or 0) > 1
