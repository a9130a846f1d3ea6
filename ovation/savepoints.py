"""Where a deployment's state lies, and which of it is newest."""

from pathlib import Path
from urllib.parse import urlsplit

from ovation.deployments import Deployment
from ovation.errors import OvationError
from ovation.flink_api import Flink

CHECKPOINTS = "execution.checkpointing.dir"
SAVEPOINTS = "execution.checkpointing.savepoint-dir"


def folder(flink: Flink, key: str, deployment: Deployment) -> str | None:
    """Return the deployment's own folder under the one that the cluster's setting `key` names, as a URL."""
    base = flink.setting(key)
    return f"{base.rstrip('/')}/{deployment.slug}" if base else None


def newest(flink: Flink, deployment: Deployment) -> str | None:
    """Return the newest complete checkpoint or savepoint of `deployment`, or None if it never had one.

    Raises OvationError when the state is not in a folder that this machine sees.
    """
    found: list[Path] = []
    for key, pattern in ((CHECKPOINTS, "*/chk-*/_metadata"), (SAVEPOINTS, "savepoint-*/_metadata")):
        place = folder(flink, key, deployment)
        if place is None:
            continue
        url = urlsplit(place)
        if url.scheme not in {"", "file"}:
            raise OvationError(
                f"The state is at {place}, which cannot be listed from here: give --from a savepoint, or none."
            )
        found += Path(url.path).glob(pattern)
    if not found:
        return None
    return max(found, key=lambda path: path.stat().st_mtime).parent.as_uri()
