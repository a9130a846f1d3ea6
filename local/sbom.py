"""A bill of what Ovation is made of, as CycloneDX JSON in `dist/`: `python -m local.sbom`, or `make sbom`.

Python's packages and their hashes are those of `requirements.lock`, as cyclonedx-py tells them; to these come the jars
that Maven brings, with the digests that an install holds them to.
"""

import json
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.paths import CHECKOUT

CYCLONEDX = CHECKOUT / ".local" / "audit" / "bin" / "cyclonedx-py"
LOCK = CHECKOUT / "requirements.lock"
DIGESTS = CHECKOUT / "local" / "jars.sha256"
MAVEN_LIST = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:list"
"""The plugin that local/pom.xml copies the jars with."""

_COORDINATES = re.compile(r"\s+([\w.-]+):([\w.-]+):jar:([\w.-]+):")


def main() -> None:
    """Write the bill, and say where."""
    bill = _python()
    with TemporaryDirectory() as folder:
        resolved = _resolved_by_maven(Path(folder) / "list")
    bill["components"] += jars(DIGESTS.read_text(encoding="utf-8"), resolved)
    target = CHECKOUT / "dist" / f"ovation-{version('ovation')}.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    print(f"{target.relative_to(CHECKOUT)}: {len(bill['components'])} components")


def _python() -> dict[str, Any]:
    words = [CYCLONEDX, "requirements", LOCK, "--pyproject", CHECKOUT / "pyproject.toml", "--output-reproducible"]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True)  # noqa: S603 - our words
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def _resolved_by_maven(target: Path) -> str:
    words = ["mvn", "--quiet", "--batch-mode", "--file", str(CHECKOUT / "local" / "pom.xml"), MAVEN_LIST]
    subprocess.run([*words, "-DincludeScope=runtime", f"-DoutputFile={target}"], check=True)  # noqa: S603 - our words
    return target.read_text(encoding="utf-8")


def jars(digests: str, resolved: str) -> list[dict[str, Any]]:
    """Return a component for each jar of `digests`, as sha256sum writes them, by Maven's list of what it resolved.

    Raises KeyError for a jar that Maven does not name.
    """
    named = {}
    for line in resolved.splitlines():
        if match := _COORDINATES.match(line):
            group, name, number = match.groups()
            named[f"{name}-{number}.jar"] = (group, name, number)
    return [_jar(digest, *named[Path(path).name]) for digest, path in map(str.split, digests.splitlines())]


def _jar(digest: str, group: str, name: str, number: str) -> dict[str, Any]:
    purl = f"pkg:maven/{group}/{name}@{number}?type=jar"
    return {
        "bom-ref": purl,
        "type": "library",
        "group": group,
        "name": name,
        "version": number,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }


if __name__ == "__main__":
    main()
