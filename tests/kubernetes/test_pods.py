"""What every pod must be: from an image of this project, without a secret, and without rights it has no use for."""

import re

import pytest

from local.paths import CHECKOUT
from tests.kubernetes.manifests import APPLIED, FOLDER, build, container, needs_kustomize, pods, read

pytestmark = needs_kustomize

DOCKERFILES = {
    "ovation-gateway": CHECKOUT / "gateway" / "Dockerfile",
    "ovation-flink": CHECKOUT / "jobs" / "Dockerfile",
    "ovation-flink-kubernetes": FOLDER / "flink" / "Dockerfile",
}
_VERSION = re.search(r'^version = "(.+)"', (CHECKOUT / "pyproject.toml").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", APPLIED)
def test_images_are_those_of_the_dockerfiles_of_this_version(name: str) -> None:
    assert _VERSION is not None
    images = [container(pod).get("image") for pod in pods(name)]
    images += [each["spec"]["image"] for each in build(name) if each["kind"] == "FlinkDeployment"]
    named = {image for image in images if image}
    assert named
    for image in named:
        repository, tag = image.split(":")
        assert tag == _VERSION[1]
        registry, image_name = repository.split("/")
        assert registry == "registry.example"
        assert re.search(rf"-t {image_name} \.$", DOCKERFILES[image_name].read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", APPLIED)
def test_a_pod_has_no_right_that_it_has_no_use_for(name: str) -> None:
    [namespace] = read(FOLDER / "namespace.yaml")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    found = list(pods(name))
    assert found
    for pod in found:
        security = pod["securityContext"]
        assert security["runAsNonRoot"]
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        only = container(pod)
        assert only["securityContext"]["allowPrivilegeEscalation"] is False
        assert only["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
        assert not [volume for volume in pod.get("volumes", []) if "hostPath" in volume]


@pytest.mark.parametrize("name", APPLIED)
def test_it_runs_as_the_user_of_its_image(name: str) -> None:
    for pod in pods(name):
        for dockerfile in (DOCKERFILES["ovation-gateway"], DOCKERFILES["ovation-flink"]):
            assert f"--uid {pod['securityContext']['runAsUser']} " in dockerfile.read_text()


@pytest.mark.parametrize("name", APPLIED)
def test_no_secret_has_a_value_here(name: str) -> None:
    assert not [each for each in build(name) if each["kind"] == "Secret"]
    for pod in pods(name):
        for variable in container(pod)["env"]:
            assert set(variable) == {"name", "valueFrom"}, variable
            assert set(variable["valueFrom"]) == {"secretKeyRef"}
            assert variable["valueFrom"]["secretKeyRef"]["key"] == variable["name"]


@pytest.mark.parametrize("name", APPLIED)
def test_a_pod_finds_the_settings_that_are_there(name: str) -> None:
    maps = {each["metadata"]["name"] for each in build(name) if each["kind"] == "ConfigMap"}
    used = {source["configMapRef"]["name"] for pod in pods(name) for source in container(pod)["envFrom"]}
    assert used == maps
