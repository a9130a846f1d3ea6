"""The alert rules: what they ask is there, they come when they should, and somebody who is called finds what to do."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from local.paths import CHECKOUT, INSTALLED
from ovation import flink_metrics
from tests.compose import SERVICES
from tests.sql.grafana import exposed
from tests.sql.grafana.boards import FOLDER, metric_names

RULES = FOLDER / "alerts.yml"
PROMTOOL = shutil.which("promtool") or shutil.which("promtool", path=INSTALLED / "promtool" / "usr" / "bin")
RUNBOOK = CHECKOUT / "docs" / "operations.md"


def alerts() -> list[dict[str, Any]]:
    read = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def sections() -> dict[str, str]:
    """Return what stands below each heading of the third level."""
    parts = re.split(r"^### (.+)$", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_asks_for_what_there_is(alert: dict[str, Any]) -> None:
    names = set(metric_names(alert["expr"]))
    assert names
    assert names <= exposed.names()
    assert alert["labels"]["severity"] in {"page", "look"}


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_has_a_section_that_says_what_to_do(alert: dict[str, Any]) -> None:
    section = sections()[alert["alert"]]
    for part in ("**What it means.**", "**What to do.**"):
        assert part in section


def test_no_section_is_of_an_alert_that_is_gone() -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    runbook = text[text.index("## When an alert comes") :]
    below = re.split(r"^## ", runbook[3:], flags=re.MULTILINE)[0]
    assert sorted(re.findall(r"^### (.+)$", below, re.MULTILINE)) == sorted(alert["alert"] for alert in alerts())


def test_every_alert_is_tried_both_ways() -> None:
    tests = yaml.safe_load((FOLDER / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    tried = [case for test in tests for case in test["alert_rule_test"]]
    names = {alert["alert"] for alert in alerts()}
    assert {case["alertname"] for case in tried if case.get("exp_alerts")} == names
    assert {case["alertname"] for case in tried if not case.get("exp_alerts")} == names


@pytest.mark.skipif(PROMTOOL is None, reason="there is no promtool; `make promtool` fetches it where apt-get is")
@pytest.mark.parametrize(
    "words", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")], ids=" ".join
)
def test_promtool_takes_them(words: tuple[str, ...]) -> None:
    assert PROMTOOL is not None
    ran = subprocess.run([PROMTOOL, *words], cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_prometheus_reads_them_and_asks_flink() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    [path] = config["rule_files"]
    assert f"./sql/grafana/alerts.yml:{path}:ro" in SERVICES["prometheus"]["volumes"]
    asked = {name for job in config["scrape_configs"] for each in job["dns_sd_configs"] for name in each["names"]}
    assert asked == {"gateway", "jobmanager", "taskmanager"}
    assert {job["job_name"] for job in config["scrape_configs"]} == set(re.findall(r'job="(\w+)"', RULES.read_text()))
    for name in ("jobmanager", "taskmanager"):
        options = dict(word.split("=", 1) for word in SERVICES[name]["command"] if "=" in word)
        assert options.items() >= flink_metrics.SETTINGS.items()
        [port] = {
            each["port"] for job in config["scrape_configs"] for each in job["dns_sd_configs"] if name in each["names"]
        }
        assert options["metrics.reporter.prom.port"] == str(port)


def test_metrics_are_listed_as_they_are_declared() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    ours = {
        name + ("_total" if kind == "counter" else ""): f"{kind} | {about}"
        for name, kind, about in exposed.of_gateway()
    }
    assert dict(rows) == ours | flink_metrics.ALL
