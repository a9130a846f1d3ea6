"""Every manifest is one that Kubernetes, or the Flink operator, would take."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.kubernetes.manifests import APPLIED, FOLDER, Manifest, build, flink_deployments, needs_kustomize, read

VERSIONS = ("1.30", "1.37")
"""Of Kubernetes: the oldest and the newest that the manifests are held against."""
RESOURCE = json.loads((Path(__file__).parent / "flink_deployment.json").read_text(encoding="utf-8"))
OPERATORS_OWN = os.environ.get("FLINK_DEPLOYMENT_CRD")
NOT_APPLIED = {"namespace.yaml", "prometheus-adapter.yaml"}
"""Files beside the folders: one is applied by itself, the other is for a chart."""


def check(manifest: Manifest, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def pod_template(deployment: Manifest) -> Manifest:
    """Return the pods of a FlinkDeployment as a resource of Kubernetes' own."""
    return {
        "apiVersion": "v1",
        "kind": "PodTemplate",
        "metadata": deployment["metadata"],
        "template": deployment["spec"]["podTemplate"],
    }


@pytest.mark.parametrize("name", APPLIED)
def test_a_kustomization_names_every_file_beside_it_and_no_other(name: str) -> None:
    [kustomization] = read(FOLDER / name / "kustomization.yaml")
    named = {each for each in kustomization["resources"] if not (FOLDER / name / each).is_dir()}
    named |= {each["path"] for each in kustomization.get("patches", [])}
    named |= {file for each in kustomization["configMapGenerator"] for file in each.get("envs", [])}
    there = {path.name for path in (FOLDER / name).iterdir()} - {"kustomization.yaml", "Dockerfile"}
    assert named == there


def test_no_other_file_is_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*APPLIED, *NOT_APPLIED}


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_the_files_that_are_not_patches(version: str) -> None:
    files = [FOLDER / "namespace.yaml"]
    for name in APPLIED:
        [kustomization] = read(FOLDER / name / "kustomization.yaml")
        files += [FOLDER / name / each for each in kustomization["resources"] if each.endswith(".yaml")]
    checked = 0
    for manifest in (manifest for file in files for manifest in read(file)):
        if manifest["kind"] != "FlinkDeployment":
            check(manifest, version)
            checked += 1
    assert checked > 10


@needs_kustomize
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", APPLIED)
def test_kubernetes_takes_what_kustomize_makes_of_them(name: str, version: str) -> None:
    for manifest in build(name):
        check(pod_template(manifest) if manifest["kind"] == "FlinkDeployment" else manifest, version)
        assert manifest["metadata"]["namespace"] == "ovation"


@needs_kustomize
def test_the_operator_takes_the_deployments() -> None:
    Draft202012Validator.check_schema(RESOURCE)
    found = flink_deployments()
    assert len(found) == 4
    for manifest in found:
        Draft202012Validator(RESOURCE).validate(manifest)


@needs_kustomize
@pytest.mark.skipif(
    OPERATORS_OWN is None,
    reason="FLINK_DEPLOYMENT_CRD names no flinkdeployments.flink.apache.org-v1.yml, of the operator's chart (crds/)",
)
def test_so_says_the_operators_own_definition() -> None:
    [version] = yaml.safe_load(Path(str(OPERATORS_OWN)).read_text(encoding="utf-8"))["spec"]["versions"]
    schema = version["schema"]["openAPIV3Schema"]
    # What every resource has; and Kubernetes drops what it does not know, where a typo should be told.
    schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}
    _refuse_unknown(schema)
    for manifest in flink_deployments():
        Draft202012Validator(schema).validate(manifest)


def _refuse_unknown(schema: Any) -> None:
    if isinstance(schema, list):
        for each in schema:
            _refuse_unknown(each)
    elif isinstance(schema, dict):
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
        for each in list(schema.values()):
            _refuse_unknown(each)


@needs_kustomize
@pytest.mark.parametrize("name", ["gateway", "migrate"])
def test_kubernetes_takes_no_typo(name: str) -> None:
    for manifest in build(name):
        wrong = copy.deepcopy(manifest)
        wrong.get("spec", wrong)["tolerance"] = 1
        with pytest.raises(kubernetes_validate.ValidationError):
            check(wrong, VERSIONS[0])


@needs_kustomize
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.flinkVersion", "v2.2"),
        ("spec.job.upgradeMode", "last_state"),
        ("spec.job.entryclass", "x"),
        ("spec.taskManager.resource.cpus", 1),
        ("spec.flinkConfiguration", {"parallelism.default": 1}),
        ("spec.flinkConfiguration", {"job.autoscaler.metric.window": "5m"}),
        ("spec.flinkConfiguration", {"job.autoscaler.metrics.window": "5 minutes or so"}),
        ("spec.flinkConfiguration", {"high-availability.cluster-id": "x"}),
        ("metadata.name", "poll_dedup-redis"),
    ],
)
def test_the_operator_takes_no_typo(path: str, value: object) -> None:
    wrong = copy.deepcopy(flink_deployments()[0])
    *folders, last = path.split(".")
    place = wrong
    for each in folders:
        place = place[each]
    place[last] = value
    assert list(Draft202012Validator(RESOURCE).iter_errors(wrong))
