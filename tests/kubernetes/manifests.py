"""What kustomize makes of `docs/kubernetes`, and the parts of it that tests look at."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.paths import CHECKOUT

Manifest = dict[str, Any]

FOLDER = CHECKOUT / "docs" / "kubernetes"
APPLIED = ("gateway", "edge", "flink", "migrate")
"""The folders that `kubectl apply -k` takes."""

_KUSTOMIZE = next(
    (command for command in (("kustomize", "build"), ("kubectl", "kustomize")) if shutil.which(command[0])), None
)
needs_kustomize = pytest.mark.skipif(_KUSTOMIZE is None, reason="there is neither kustomize nor kubectl")


def read(path: Path) -> list[Manifest]:
    """Return the documents of a file."""
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


@cache
def build(name: str) -> tuple[Manifest, ...]:
    """Return the manifests that applying `name` would send to a cluster. They are everybody's: change a copy."""
    assert _KUSTOMIZE is not None
    ran = subprocess.run([*_KUSTOMIZE, FOLDER / name], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return tuple(yaml.safe_load_all(ran.stdout))


def one(name: str, kind: str) -> Manifest:
    """Return the only manifest of a kind."""
    [found] = [each for each in build(name) if each["kind"] == kind]
    return found


def settings_of(name: str) -> dict[str, str]:
    """Return the variables that a folder's ConfigMap sets."""
    data: dict[str, str] = one(name, "ConfigMap")["data"]
    return data


def flink_deployments() -> list[Manifest]:
    return [each for each in build("flink") if each["kind"] == "FlinkDeployment"]


def pods(name: str) -> Iterator[Manifest]:
    """Yield the specification of each pod that a folder starts by itself."""
    for each in build(name):
        if each["kind"] == "FlinkDeployment":
            yield each["spec"]["podTemplate"]["spec"]
        elif "template" in each.get("spec", {}):
            yield each["spec"]["template"]["spec"]


def container(pod: Manifest) -> Manifest:
    """Return the only container of a pod."""
    [found] = pod["containers"]
    assert isinstance(found, dict)
    return found


def variables(name: str) -> dict[str, str]:
    """Return every variable that a folder's containers have, secrets as the secret and key that they come from."""
    [*found] = pods(name)
    first = container(found[0])
    assert all(container(pod).get("env") == first["env"] for pod in found)
    secret = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in first["env"]}
    return settings_of(name) | {key: f"{ref['name']}/{ref['key']}" for key, ref in secret.items()}
