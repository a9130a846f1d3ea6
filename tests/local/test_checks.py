import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from local import checks
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
