"""What a deployment starts from when somebody names it."""

import os
from pathlib import Path

import pytest

from ovation import savepoints
from ovation.deployments import DEPLOYMENTS, Deployment
from ovation.errors import OvationError


def savepoint(folder: Path, deployment: Deployment, name: str, at_s: int = 0) -> str:
    """Write what looks like a savepoint of that time, and return its URL."""
    path = folder / deployment.slug / f"savepoint-{name}"
    path.mkdir(parents=True)
    (path / "_metadata").touch()
    os.utime(path / "_metadata", (at_s, at_s))
    return path.as_uri()


@pytest.mark.parametrize("as_url", [False, True])
def test_of_a_folder_each_deployment_takes_its_own_newest(
    tmp_path: Path, as_url: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = {each: savepoint(tmp_path / "copies", each, "a", at_s=20) for each in DEPLOYMENTS}
    for each in DEPLOYMENTS:
        savepoint(tmp_path / "copies", each, "b", at_s=10)
    monkeypatch.chdir(tmp_path)
    place = (tmp_path / "copies").as_uri() if as_url else "copies"

    assert savepoints.given(place, DEPLOYMENTS) == newest


def test_a_folder_without_one_of_a_deployment_is_refused_by_its_name(tmp_path: Path) -> None:
    first, second, *_ = DEPLOYMENTS
    savepoint(tmp_path, first, "a")

    with pytest.raises(OvationError, match=rf"no savepoint of {second.slug}: `--only`"):
        savepoints.given(str(tmp_path), [first, second])
    assert savepoints.given(str(tmp_path), [first]).keys() == {first}


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_savepoint_is_of_one_deployment(tmp_path: Path, elsewhere: bool) -> None:
    first, second, *_ = DEPLOYMENTS
    place = "s3://flink/savepoint-a" if elsewhere else savepoint(tmp_path, first, "a")

    assert savepoints.given(place, [first]) == {first: place}
    with pytest.raises(OvationError, match="one deployment, but 2 are"):
        savepoints.given(place, [first, second])
