"""What alerts and boards ask for is what a real gateway and a real Flink say."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from local.stack import Stack
from ovation import flink_metrics
from ovation.addresses import Addresses
from ovation.deployments import DEPLOYMENTS
from ovation.flink_api import Flink
from ovation.flink_waits import wait_until_running
from tests.sql.grafana import exposed


def scrape(url: str) -> dict[str, list[dict[str, str]]]:
    """Return the labels of each metric's samples."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        found: dict[str, list[dict[str, str]]] = {}
        for family in text_string_to_metric_families(answer.read().decode()):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(sample.labels)
        return found


def test_flink_says_what_is_asked_of_it(stack: Stack, flink: Flink) -> None:
    for deployment in DEPLOYMENTS:
        wait_until_running(flink, deployment.name)
    seen: dict[str, list[dict[str, str]]] = {}
    for port in stack.settings.flink_metrics_ports.split(","):
        for name, labels in scrape(f"http://127.0.0.1:{port}").items():
            seen.setdefault(name, []).extend(labels)
    assert set(flink_metrics.ALL) <= seen.keys()
    for name in flink_metrics.ALL:
        if name.startswith("flink_jobmanager_job_"):
            assert {labels["job_name"] for labels in seen[name]} == {each.name for each in DEPLOYMENTS}


def test_the_gateway_says_what_it_declares(addresses: Addresses) -> None:
    seen = scrape(addresses.gateway_url)
    for name, kind, _ in exposed.of_gateway():
        # A metric with labels has no sample before something was counted, or another region is there.
        assert any(name + ending in seen for ending in exposed.ENDINGS[kind]) or name in {
            "ovation_gateway_refused",
            "ovation_gateway_region_clock_seconds",
            "ovation_gateway_region_silent_seconds",
            "ovation_gateway_resends",
            "ovation_gateway_resend_asks",
            "ovation_gateway_sockets_closed",
        }
