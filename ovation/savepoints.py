"""Where a deployment's state lies, and which of it is newest."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ovation.deployments import Deployment
from ovation.errors import OvationError
from ovation.flink_api import Flink

CHECKPOINTS = "execution.checkpointing.dir"
SAVEPOINTS = "execution.checkpointing.savepoint-dir"
_PATTERN = "savepoint-*/_metadata"


def folder(flink: Flink, key: str, deployment: Deployment) -> str | None:
    """Return the deployment's own folder under the one that the cluster's setting `key` names, as a URL."""
    base = flink.setting(key)
    return f"{base.rstrip('/')}/{deployment.slug}" if base else None


def newest(flink: Flink, deployment: Deployment) -> str | None:
    """Return the newest complete checkpoint or savepoint of `deployment`, or None if it never had one.

    Raises OvationError when the state is not in a folder that this machine sees.
    """
    found: list[Path] = []
    for key, pattern in ((CHECKPOINTS, "*/chk-*/_metadata"), (SAVEPOINTS, _PATTERN)):
        place = folder(flink, key, deployment)
        if place is None:
            continue
        url = urlsplit(place)
        if url.scheme not in {"", "file"}:
            raise OvationError(
                f"The state is at {place}, which cannot be listed from here: give --from a savepoint, or none."
            )
        found += Path(url.path).glob(pattern)
    return _newest_of(found)


def given(start_from: str, deployments: Sequence[Deployment]) -> dict[Deployment, str]:
    """Return from what each of `deployments` starts: the savepoint `start_from`, or what lies below it.

    A folder on this machine that is no savepoint is taken for a copy of where Flink keeps them: each deployment takes
    the newest in the folder of its name. Raises OvationError where one has none, and for one savepoint of several
    deployments.
    """
    url = urlsplit(start_from)
    place = Path(url.path)
    if url.scheme in {"", "file"} and place.is_dir() and not (place / "_metadata").exists():
        found = {each: _newest_of((place / each.slug).glob(_PATTERN)) for each in deployments}
        without = [each.slug for each, state in found.items() if state is None]
        if without:
            raise OvationError(f"{start_from} has no savepoint of {', '.join(without)}: `--only` names those it has.")
        return {each: state for each, state in found.items() if state is not None}
    if len(deployments) != 1:
        raise OvationError(f"A savepoint belongs to one deployment, but {len(deployments)} are to be started.")
    return dict.fromkeys(deployments, start_from)


def _newest_of(metadata: Iterable[Path]) -> str | None:
    newest = max(metadata, key=lambda path: path.stat().st_mtime, default=None)
    return None if newest is None else newest.parent.absolute().as_uri()
