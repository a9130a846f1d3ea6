import json
import socket
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local.ports import free_ports
from ovation.addresses import Addresses
from ovation.cli import app
from ovation.doctor import doctor
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place


def test_causes_stand_before_what_follows_and_before_warnings() -> None:
    gateway = broken("gateway", "g", "", "", follows_from="redis")
    look = warning("kafka", "w", "", "")
    cause = broken("redis", "r", "", "")
    assert doctor.in_order([look, gateway, cause]) == [cause, gateway, look]
    assert doctor.in_order([look, gateway]) == [gateway, look], "redis is well: then it is the gateway's own"


def test_an_answer_that_nobody_foresaw_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(_place: Place) -> list[Finding]:
        raise KeyError("now")

    monkeypatch.setattr(doctor, "CHECKS", {"flink": odd, "disk": lambda _: []})
    [finding] = doctor.examine(Place(Addresses()))
    assert (finding.part, "KeyError" in finding.what) == ("flink", True)


def test_where_nothing_runs_every_part_is_named_and_no_secret(tmp_path: Path) -> None:
    ports = free_ports(5)
    names = ("GATEWAY_URL", "CLICKHOUSE_URL", "FLINK_URL")
    env = {f"OVATION_{name}": f"http://127.0.0.1:{port}" for name, port in zip(names, ports, strict=False)}
    env |= {
        "OVATION_KAFKA_BOOTSTRAP": f"127.0.0.1:{ports[3]}",
        "OVATION_REDIS_URL": f"redis://:hunter2@127.0.0.1:{ports[4]}/0",
        "OVATION_CLICKHOUSE_PASSWORD": "hunter2",
        "OVATION_DATA_DIR": str(tmp_path),
    }
    for words in (["doctor"], ["doctor", "--json"]):
        ran = CliRunner().invoke(app, words, env={"COLUMNS": "200", **env})
        assert ran.exit_code == 1
        assert "hunter2" not in ran.output
    told = json.loads(ran.output)
    assert (told["ok"], told["embedded"]) == (False, False)
    assert [each["part"] for each in told["findings"]] == ["kafka", "redis", "clickhouse", "flink", "gateway"]
    for each in told["findings"]:
        assert each["severity"] == "broken"
        assert each["why"]
        assert "docker compose up" in each["mend"]
        assert any(str(port) in each["what"] for port in ports)


def test_parts_that_take_a_question_and_never_answer_are_named_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # kafka-python leaves a socket behind when nobody answers it; the command ends then, and this test does not.
    monkeypatch.delitem(doctor.CHECKS, "kafka")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        urls = {f"{part}_url": f"http://{address}" for part in ("clickhouse", "flink", "gateway")}
        place = Place(Addresses.model_validate({**urls, "redis_url": f"redis://{address}/0"}))
        began = time.monotonic()
        found = doctor.examine(place)
    assert {each.part for each in found} == {"redis", "clickhouse", "flink", "gateway"}
    assert time.monotonic() - began < 20
