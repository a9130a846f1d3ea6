"""The command as it is typed."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from ovation.capacity.trial import crowds
from ovation.cli import app


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["capacity", *words], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def asked(*words: str) -> dict[str, Any]:
    code, text = run("--json", *words)
    assert code == 0, text
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_example_of_the_help() -> None:
    code, text = run("--viewers", "25e6", "--taps-per-viewer", "0.2")

    assert code == 0
    assert text.startswith("25,000,000 viewers of 1,000 streams, 5,000,000 taps/s")
    for part in ("gateways", "Kafka", "TaskManagers", "Redis", "ClickHouse", "disk", "egress", "Bottleneck: "):
        assert part in text
    assert "assumed: 0.04 a core-hour" in text


def test_shards_are_masters_of_a_cluster_and_too_many_are_several_clusters() -> None:
    crowd = ("--viewers", "25e6", "--taps-per-viewer", "0.2")

    assert "56 deployments, each with a cluster" in run(*crowd)[1]
    assert "23 shards are the masters of a Redis Cluster" in run(*crowd, "--by-stream")[1]
    assert "Redis Cluster" not in run("--viewers", "1e3")[1]


def test_json_has_every_number_of_the_plan() -> None:
    found = asked("--viewers", "5e4")

    assert found["crowd"]["viewers"] == 50_000
    assert found["load"]["taps"] == 10_000
    for part in ("gateways", "brokers", "taskmanagers", "redis", "clickhouse"):
        assert set(found[part]) == {"number", "busy", "cores", "cost"}
    assert {"reactions_partitions", "votes_partitions", "clickhouse_disk_gb", "egress_gbit_s"} <= set(found)
    assert found["cost"] == pytest.approx(sum(found["costs"].values()))
    assert set(found["bottleneck"]) == {"name", "is_limit", "why"}
    assert found["changes"][0]["options"] == "--by-stream"
    assert found["assumed"]["prices"]["core_hour"] == 0.04
    assert "check" not in found


def test_each_region_is_shown_with_its_mirror_and_what_all_cost() -> None:
    text = run("--viewers", "1e6", "--regions", "2")[1]

    assert text.startswith("1,000,000 viewers in 2 regions of")
    assert "brings 1 other region here" in text
    assert "GB a month from other regions" in text
    assert "This is one of 2 regions" in text
    assert "mirror" not in run("--viewers", "1e6")[1]


def test_options_reach_the_plan() -> None:
    one, other = asked("--core-hour", "1"), asked("--core-hour", "2")

    assert other["gateways"]["cost"] == pytest.approx(2 * one["gateways"]["cost"])
    assert asked("--replication", "5")["brokers"]["number"] == 5


def test_check_holds_the_model_against_every_measured_point() -> None:
    found = asked("--check")
    rows = found["check"]
    by_formula = [row for row in rows if row["what"] in {"rows sent/s", "rows kept/s"} and row["error"] is not None]

    assert {row["where"] for row in rows} >= {"streams 10,000", "gateways 16", "capacity", "screen"}
    assert {row["where"] for row in found["held_out"]} < {row["where"] for row in rows}
    # Minutes that end within a run are in no formula: most points have none.
    assert sum(abs(row["error"]) < 0.1 for row in by_formula) > 0.8 * len(by_formula)


def test_simulate_holds_the_model_against_a_hundred_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ovation.capacity.watched.crowds", lambda crowd: crowds(crowd, (20_000.0,)))
    found = asked("--simulate")

    assert {row["what"] for row in found["simulation"]} >= {"records", "script calls", "rows sent"}
    for row in found["simulation"]:
        assert abs(row["error"]) < 0.02, row
    near = [row for row in found["simulated"] if abs(row["error"]) < 0.15]
    assert len(near) > 0.8 * len(found["simulated"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--viewers", "0"), "--viewers"),
        (("--viewers", "many"), "'--viewers': Input should be a valid number"),
        (("--emojis", "31"), "less than or equal to 30"),
        (("--utilisation", "1.5"), "less than or equal to 1"),
        (("--taps-per-viewer", "-1"), "--taps-per-viewer"),
        (("--regions", "0"), "--regions"),
        (("--socket-share", "2"), "less than or equal to 1"),
    ],
)
def test_bad_input_is_refused_by_its_name(words: tuple[str, ...], said: str) -> None:
    code, text = run(*words)

    assert code == 2
    assert said in text


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_no_number_is_no_crowd(value: str) -> None:
    code, text = run("--viewers", value)

    assert code == 2
    assert "--viewers" in text


def test_a_folder_without_measurements_is_one_sentence() -> None:
    code, text = run("--measurements", "/nowhere")

    assert code == 1
    assert "/nowhere/frames.json cannot be read" in text
    assert text.count("\n") == 1
