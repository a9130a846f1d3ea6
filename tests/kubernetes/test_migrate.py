"""The migrations as a Job, and what it shares with gateways and jobs."""

import pytest
import typer
from pydantic import SecretStr

from contracts import kafka_rights
from ovation.addresses import Addresses
from ovation.cli import app
from tests.kubernetes.manifests import container, needs_kustomize, one, pods, settings_of, variables

pytestmark = needs_kustomize


def test_it_runs_a_command_that_there_is() -> None:
    [pod] = pods("migrate")
    python, m, package, name, *options = container(pod)["command"]
    assert [python, m, package] == ["python", "-m", "ovation"]
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    known = {option for parameter in commands[name].params for option in parameter.opts}
    assert options and set(options) <= known


def test_it_is_told_addresses_and_secrets_as_the_command_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = Addresses.model_fields
    secret = {f"OVATION_{name.upper()}" for name, info in fields.items() if info.annotation is SecretStr}
    told = variables("migrate")
    assert set(told) <= {f"OVATION_{name.upper()}" for name in fields}
    assert set(told) - set(settings_of("migrate")) <= secret
    assert secret.isdisjoint(settings_of("migrate"))
    for variable, value in told.items():
        monkeypatch.setenv(variable, value)
    assert Addresses().kafka_login.security == "sasl_ssl"


def test_it_can_be_applied_again_and_ends() -> None:
    spec = one("migrate", "Job")["spec"]
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert spec["ttlSecondsAfterFinished"] > 0


def test_all_programs_have_the_same_stores_and_each_is_its_own_user() -> None:
    told = {name: settings_of(name) for name in ("gateway", "flink", "migrate")}
    for variable in ("OVATION_KAFKA_BOOTSTRAP", "OVATION_KAFKA_SECURITY", "OVATION_CLICKHOUSE_URL"):
        assert len({each[variable] for each in told.values()}) == 1
    assert {name: each["OVATION_KAFKA_USERNAME"] for name, each in told.items()} == {
        "gateway": kafka_rights.GATEWAY,
        "flink": kafka_rights.JOBS,
        "migrate": kafka_rights.OPERATOR,
    }
    # Gateways read, and write nothing.
    assert told["gateway"]["OVATION_CLICKHOUSE_USER"] == "ovation_reader"
    assert told["flink"]["OVATION_CLICKHOUSE_USER"] == told["migrate"]["OVATION_CLICKHOUSE_USER"] == "ovation"
