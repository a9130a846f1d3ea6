"""Gateways in a cluster: told what they can be told, ended as they need it, and as many as their crowd needs."""

import json
import re
from typing import Any

import pytest
from pydantic import SecretStr

from gateway import metrics
from gateway.app import create_app
from gateway.settings import Settings
from local.paths import CHECKOUT
from tests.kubernetes.manifests import (
    FOLDER,
    build,
    container,
    needs_kustomize,
    one,
    pods,
    read,
    settings_of,
    variables,
)

pytestmark = needs_kustomize

SECRETS = {
    "OVATION_REDIS_URL": "redis://ovation_gateway:password@redis.example:6379/0",
    "OVATION_TOKEN_SECRET": "t" * 32,
    "OVATION_VOTER_SECRET": "v" * 32,
}
UVICORNS = {"FORWARDED_ALLOW_IPS"}


def _settings(monkeypatch: pytest.MonkeyPatch, name: str) -> Settings:
    """Return what a gateway makes of its variables, with something for each secret."""
    for variable, value in variables(name).items():
        secret = f"{variable.lower()}-of-at-least-thirty-two-characters"
        known = value if variable in settings_of(name) else SECRETS.get(variable, secret)
        monkeypatch.setenv(variable, known)
    return Settings()  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["gateway", "edge"])
def test_every_variable_is_a_setting_and_every_secret_comes_from_a_secret(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fields = Settings.model_fields
    known = {f"OVATION_{field.upper()}" for field in fields} | UVICORNS
    assert set(variables(name)) <= known
    secret = {f"OVATION_{field.upper()}" for field, info in fields.items() if info.annotation is SecretStr}
    assert secret.isdisjoint(settings_of(name))
    assert set(variables(name)) - set(settings_of(name)) <= secret
    settings = _settings(monkeypatch, name)
    assert settings.kafka_login.security == "sasl_ssl"
    # What no variable says, the image does.
    assert "OVATION_GATEWAY_HOST" not in variables(name)


def test_a_gateway_has_every_secret_and_an_edge_none_of_clickhouse(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = set(variables("gateway"))
    assert {
        f"OVATION_{name.upper()}" for name, info in Settings.model_fields.items() if info.is_required()
    } <= everything
    assert everything - set(variables("edge")) == {"OVATION_CLICKHOUSE_PASSWORD"}
    assert _settings(monkeypatch, "edge").clickhouse_url == ""
    assert settings_of("edge")["OVATION_REGION"] != settings_of("gateway")["OVATION_REGION"]


def _pod(name: str = "gateway") -> dict[str, Any]:
    [pod] = pods(name)
    return pod


def test_there_is_time_to_end_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Votes that wait get their answer, then taps are drained: what gateway.__main__ allows for each."""
    settings = _settings(monkeypatch, "gateway")
    [word, pause] = container(_pod())["lifecycle"]["preStop"]["exec"]["command"]
    assert word == "sleep"
    needed = int(pause) + settings.vote_deadline_ms // 1000 + 1 + settings.drain_s
    assert _pod()["terminationGracePeriodSeconds"] >= needed + 10


def test_it_is_asked_what_it_answers_at_the_port_of_its_image(monkeypatch: pytest.MonkeyPatch) -> None:
    routes = {getattr(route, "path", "") for route in create_app(_settings(monkeypatch, "gateway")).routes}
    only = container(_pod())
    asked = {name: only[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    annotations = one("gateway", "Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert {*asked.values(), annotations["prometheus.io/path"]} <= routes
    [port] = only["ports"]
    image = (CHECKOUT / "gateway" / "Dockerfile").read_text()
    assert f"OVATION_GATEWAY_PORT={port['containerPort']}" in image
    assert annotations["prometheus.io/port"] == str(port["containerPort"])
    named = {only[name]["httpGet"]["port"] for name in asked} | {
        one("gateway", "Service")["spec"]["ports"][0]["targetPort"]
    }
    named |= {each["port"] for rule in one("gateway", "NetworkPolicy")["spec"]["ingress"] for each in rule["ports"]}
    assert named == {port["name"]}


def test_it_writes_nothing_and_asks_kubernetes_nothing() -> None:
    assert container(_pod())["securityContext"]["readOnlyRootFilesystem"]
    assert _pod()["automountServiceAccountToken"] is False
    assert _pod()["serviceAccountName"] == one("gateway", "ServiceAccount")["metadata"]["name"]
    assert not [each for each in build("gateway") if each["kind"] in {"Role", "ClusterRole"}]


def test_everything_is_about_the_same_pods() -> None:
    deployment = one("gateway", "Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    chosen = [
        deployment["spec"]["selector"]["matchLabels"],
        one("gateway", "Service")["spec"]["selector"],
        one("gateway", "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        one("gateway", "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        *(each["labelSelector"]["matchLabels"] for each in _pod()["topologySpreadConstraints"]),
    ]
    assert all(each == labels for each in chosen)
    target = one("gateway", "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])
    # Else each deployment would set back what the autoscaler has made of it.
    assert "replicas" not in deployment["spec"]


def test_there_are_as_many_as_their_cpu_and_their_sockets_ask_for() -> None:
    spec = one("gateway", "HorizontalPodAutoscaler")["spec"]
    of_cpu, of_sockets = spec["metrics"]
    # The share is of what is requested, and a gateway has use for one core.
    assert container(_pod())["resources"]["requests"]["cpu"] == "1"
    assert "cpu" not in container(_pod())["resources"]["limits"]
    assert of_cpu["resource"]["name"] == "cpu"
    share = of_cpu["resource"]["target"]["averageUtilization"] / 100
    assert 0.4 <= share <= 0.75

    name = of_sockets["pods"]["metric"]["name"]
    [family] = metrics.SOCKETS.describe()
    assert name == family.name
    [adapter] = read(FOLDER / "prometheus-adapter.yaml")
    assert name in {re.split(r"\W", rule["seriesQuery"])[0] for rule in adapter["rules"]["custom"]}
    # When all of their streams are busy, a core must still send every picture.
    pictures = 1000 / Settings.model_fields["push_ms"].default
    findings = json.loads((CHECKOUT / "docs" / "measurements" / "delivery.json").read_text())["findings"]
    a_core = min(next(each["ours"] for each in findings if each["unit"] == "/s a core"))
    assert int(of_sockets["pods"]["target"]["averageValue"]) * pictures < 0.7 * a_core


def test_gateways_come_at_once_and_go_slowly() -> None:
    spec = one("gateway", "HorizontalPodAutoscaler")["spec"]
    up, down = spec["behavior"]["scaleUp"], spec["behavior"]["scaleDown"]
    assert up["stabilizationWindowSeconds"] == 0
    assert down["stabilizationWindowSeconds"] >= 900
    [policy] = down["policies"]
    assert (policy["type"], policy["value"]) == ("Pods", 1)
    assert spec["minReplicas"] >= 2
    assert one("gateway", "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    assert one("gateway", "Deployment")["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
