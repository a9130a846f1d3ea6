import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from local import checks, memory
from local.errors import StackError
from local.part import Part, Port


def listening_part(port: int) -> Part:
    return Part("kafka", "", (), ready=lambda: True, ports=(Port(port, "OVATION_KAFKA_PORT"),))


def test_a_taken_port_is_named_with_its_part_and_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StackError) as failure:
            checks.check_ports([listening_part(port)])

    assert str(failure.value) == (
        f"Port {port}, which kafka needs, is taken: stop what listens there, "
        "or choose another port with OVATION_KAFKA_PORT."
    )


def test_a_free_port_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    checks.check_ports([listening_part(port)])


def test_a_full_disk_is_said_with_how_much_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def usage(path: Path) -> SimpleNamespace:
        asked.append(path)
        return SimpleNamespace(free=1.5 * checks.GB)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    with pytest.raises(StackError) as failure:
        checks.check_disk(tmp_path / "not" / "there" / "yet")

    assert asked == [tmp_path]
    assert str(failure.value) == (
        f"Only 1.5 GB are free at {tmp_path}, and the stack needs 2 GB: "
        "make room, or name another folder with OVATION_DATA_DIR."
    )


def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "KAFKA_JARS", tmp_path / "kafka")

    with pytest.raises(StackError, match="kafka is missing: run `make install` first"):
        checks.check_installed()


def test_too_little_memory_is_said_with_how_much_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_mb", lambda: 1_599)
    with pytest.raises(StackError) as failure:
        checks.check_memory(1_600)

    assert str(failure.value) == (
        "Only 1,599 MB of memory are available, and a stack of this size needs 1,600 MB: end what takes it, start a "
        "smaller one with --small, or say another number with OVATION_MEMORY_MB."
    )


@pytest.mark.parametrize("available", [1_600, None])
def test_enough_memory_passes_and_so_does_a_machine_that_does_not_say(
    monkeypatch: pytest.MonkeyPatch, available: int | None
) -> None:
    monkeypatch.setattr(memory, "available_mb", lambda: available)

    checks.check_memory(1_600)
