"""The jobs in a cluster: the deployments that there are, with the settings of `flink-conf/config.yaml`."""

import re
import struct
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyflink
import pytest
import yaml
from pydantic import SecretStr

from contracts import topics
from contracts.buckets import BUCKETS
from jobs.settings import JobSettings
from local.paths import CHECKOUT, FLINK_CONF
from ovation import flink_metrics
from ovation.deployments import DEPLOYMENTS, Deployment
from tests.kubernetes.manifests import (
    FOLDER,
    Manifest,
    build,
    container,
    flink_deployments,
    needs_kustomize,
    settings_of,
    variables,
)

pytestmark = needs_kustomize

NOT_CARRIED_OVER = {
    # Addresses of one machine: in a cluster Flink knows those of its pods.
    "rest.address",
    "rest.bind-address",
    "jobmanager.bind-host",
    "jobmanager.rpc.address",
    "jobmanager.rpc.port",
    "taskmanager.bind-host",
    "taskmanager.host",
    # The resource says it in other fields, held to the same below.
    "jobmanager.memory.process.size",
    "taskmanager.memory.process.size",
    "parallelism.default",
    # Every deployment has TaskManagers of its own, of one slot.
    "taskmanager.numberOfTaskSlots",
    "taskmanager.load-balance.mode",
    # No client runs.
    "env.java.opts.client",
}
WHEEL = Path(pyflink.__file__).parent
"""What the image's Flink is put together from (`local.flink_home`)."""
S3 = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def config() -> dict[str, str]:
    """Return `flink-conf/config.yaml` as Flink flattens it."""

    def flat(node: dict[str, Any], above: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in node.items():
            if isinstance(value, dict):
                found |= flat(value, f"{above}{key}.")
            else:
                found[above + key] = str(value).lower() if isinstance(value, bool) else str(value)
        return found

    return flat(yaml.safe_load((FLINK_CONF / "config.yaml").read_text(encoding="utf-8")))


def given(deployment: Manifest) -> dict[str, str]:
    options: dict[str, str] = deployment["spec"]["flinkConfiguration"]
    return options


def named(deployment: Deployment) -> Manifest:
    name = deployment.slug.replace("_", "-")
    return next(each for each in flink_deployments() if each["metadata"]["name"] == name)


def test_there_is_one_for_each_deployment() -> None:
    assert (
        len(flink_deployments()) == len({named(each)["metadata"]["name"] for each in DEPLOYMENTS}) == len(DEPLOYMENTS)
    )


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda each: each.slug)
def test_it_runs_its_job_from_the_image_and_keeps_its_state_by_itself(deployment: Deployment) -> None:
    manifest = named(deployment)
    job = manifest["spec"]["job"]
    image = (CHECKOUT / "jobs" / "Dockerfile").read_text()
    assert "WORKDIR /opt/ovation\n" in image and "\nCOPY jobs jobs\n" in image
    # As the README has it.
    program = f"jobs/{deployment.job}.py"
    assert job["args"] == [
        "-py",
        f"/opt/ovation/{program}",
        "-pyfs",
        "/opt/ovation/dist/ovation-jobs.zip",
        "--sink",
        deployment.sink,
    ]
    assert (CHECKOUT / program).exists()
    assert job["entryClass"] == "org.apache.flink.client.python.PythonDriver"
    for key in ("execution.checkpointing.dir", "execution.checkpointing.savepoint-dir"):
        assert given(manifest)[key].endswith(f"/{deployment.slug}")


def test_the_settings_of_flink_conf_are_carried_over() -> None:
    expected = {key: value for key, value in config().items() if key not in NOT_CARRIED_OVER}
    assert set(config()) >= NOT_CARRIED_OVER
    for manifest in flink_deployments():
        options = given(manifest)
        assert {key: options.get(key) for key in expected} == expected
        # One slot is what sets these pods apart from a cluster's TaskManagers.
        assert NOT_CARRIED_OVER & set(options) == {"taskmanager.numberOfTaskSlots"}


def test_memory_and_parallelism_are_as_there_in_other_fields() -> None:
    for manifest in flink_deployments():
        spec = manifest["spec"]
        assert spec["jobManager"]["resource"]["memory"] == config()["jobmanager.memory.process.size"]
        assert spec["taskManager"]["resource"]["memory"] == config()["taskmanager.memory.process.size"]
        # A job sets its own parallelism, so what is here must say the same.
        assert str(spec["job"]["parallelism"]) == config()["parallelism.default"]
        assert settings_of("flink")["OVATION_PARALLELISM"] == config()["parallelism.default"]


def test_every_option_is_one_of_flinks() -> None:
    """Flink passes over what it does not know. The operator's are held to their schema in test_schemas."""
    [distribution] = (WHEEL / "lib").glob("flink-dist-*.jar")
    folders = ("org/apache/flink/configuration/", "org/apache/flink/kubernetes/configuration/")
    planner = ("org/apache/flink/table/api/config/", "org/apache/flink/state/rocksdb/")
    constants = b""
    for jar in (distribution, *(WHEEL / "lib").glob("flink-table-api-java-uber-*.jar")):
        with zipfile.ZipFile(jar) as archive:
            classes = [name for name in archive.namelist() if name.startswith((*folders, *planner))]
            constants += b"".join(archive.read(name) for name in classes if name.endswith(".class"))
    asked = {key for manifest in flink_deployments() for key in given(manifest)}
    # Reporters name their own options.
    asked = {key for key in asked if not key.startswith(("job.autoscaler.", "metrics.reporter."))}
    # A string as a class file has it, with its length: whole, and not as the beginning of another.
    unknown = [key for key in sorted(asked) if struct.pack(">BH", 1, len(key)) + key.encode() not in constants]
    assert unknown == []


def test_a_jobmanager_that_dies_finds_its_job_and_state_lies_where_all_pods_see_it() -> None:
    for manifest in flink_deployments():
        options = given(manifest)
        assert options["high-availability.type"] == "kubernetes"
        places = {key: value for key, value in options.items() if value.startswith("s3://")}
        assert set(places) == {
            "high-availability.storageDir",
            "execution.checkpointing.dir",
            "execution.checkpointing.savepoint-dir",
        }
        assert len({urlsplit(place).netloc for place in places.values()}) == 1
        assert manifest["spec"]["job"]["upgradeMode"] == "savepoint"
        assert manifest["spec"]["flinkVersion"] == "v" + "_".join(_flink_version().split(".")[:2])


def _flink_version() -> str:
    found = re.search(r'"apache-flink==(.+)"', (CHECKOUT / "pyproject.toml").read_text())
    assert found is not None
    return found[1]


def test_the_image_has_what_pods_start_and_the_plugin_of_this_flink() -> None:
    image = (FOLDER / "flink" / "Dockerfile").read_text()
    assert f"ARG FLINK_VERSION={_flink_version()}\n" in image
    assert "COPY --from=plugin /build/plugins .local/flink/plugins\n" in image
    assert "sha256sum --check" in image
    assert "RUN python -m ovation.jobs_archive\n" in image
    assert "ENV PATH=/opt/ovation/.local/flink/bin:$PATH\n" in image
    # Flink's own command for a pod is `bash -c "kubernetes-jobmanager.sh …"`, behind what this names.
    assert (WHEEL / "bin" / "kubernetes-jobmanager.sh").exists()
    assert (WHEEL / "bin" / "kubernetes-taskmanager.sh").exists()
    assert {given(each)["kubernetes.entry.path"] for each in flink_deployments()} == {"/usr/bin/env"}


def test_the_autoscaler_stays_within_what_is_of_use() -> None:
    for manifest in flink_deployments():
        options = given(manifest)
        most = int(options["job.autoscaler.vertex.max-parallelism"])
        parts = int(options["pipeline.max-parallelism"])
        assert options["job.autoscaler.enabled"] == "true"
        assert options["jobmanager.scheduler"] == "adaptive"
        assert most <= min(topics.REACTIONS.partitions, topics.VOTES.partitions) <= BUCKETS
        # Every parallelism up to there that divides it gives each subtask as much.
        assert parts % most == parts % BUCKETS == 0
        lowest, target, highest = (
            float(options[f"job.autoscaler.utilization.{each}"]) for each in ("min", "target", "max")
        )
        assert lowest < target < highest < 1


def test_both_kinds_of_pods_are_told_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that only TaskManagers had would leave the JobManager without Kafka's password."""
    known = {f"OVATION_{name.upper()}" for name in JobSettings.model_fields}
    secret = {
        f"OVATION_{name.upper()}" for name, info in JobSettings.model_fields.items() if info.annotation is SecretStr
    }
    for manifest in flink_deployments():
        assert "podTemplate" not in manifest["spec"]["jobManager"]
        assert "podTemplate" not in manifest["spec"]["taskManager"]
        assert container(manifest["spec"]["podTemplate"]["spec"])["name"] == "flink-main-container"
    told = variables("flink")
    assert set(told) - S3 <= known
    assert secret <= set(told) - set(settings_of("flink"))
    assert secret.isdisjoint(settings_of("flink"))
    for variable, value in told.items():
        monkeypatch.setenv(variable, "redis://u:p@redis.example/0" if variable.endswith("REDIS_URL") else value)
    assert JobSettings().kafka_security == "sasl_ssl"


def test_the_account_exists_and_may_what_a_jobmanager_does() -> None:
    [account] = [each for each in build("flink") if each["kind"] == "ServiceAccount"]
    [role] = [each for each in build("flink") if each["kind"] == "Role"]
    [binding] = [each for each in build("flink") if each["kind"] == "RoleBinding"]
    name = account["metadata"]["name"]
    assert {each["spec"]["serviceAccount"] for each in flink_deployments()} == {name}
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": name, "namespace": "ovation"}]
    may = {resource for rule in role["rules"] for resource in rule["resources"]}
    assert may == {"pods", "configmaps", "deployments", "deployments/finalizers"}


def test_only_the_operator_and_prometheus_reach_its_pods_from_outside() -> None:
    [policy] = [each["spec"] for each in build("flink") if each["kind"] == "NetworkPolicy"]
    labels = {"matchLabels": {"app.kubernetes.io/name": "ovation-flink"}}
    assert policy["podSelector"] == labels
    assert policy["policyTypes"] == ["Ingress"]
    inside, *outside = policy["ingress"]
    assert inside == {"from": [{"podSelector": labels}]}
    assert [[port["port"] for port in rule["ports"]] for rule in outside] == [[8081], [9249]]
    for manifest in flink_deployments():
        assert manifest["spec"]["podTemplate"]["metadata"]["labels"] == labels["matchLabels"]


def test_prometheus_is_told_where_to_ask() -> None:
    for manifest in flink_deployments():
        options, template = given(manifest), manifest["spec"]["podTemplate"]
        assert options.items() >= flink_metrics.SETTINGS.items()
        port = options["metrics.reporter.prom.port"]
        assert template["metadata"]["annotations"]["prometheus.io/port"] == port
        assert [str(each["containerPort"]) for each in container(template["spec"])["ports"]] == [port]
