"""What is installed is what was looked at, and nothing gets into an image that is not meant for it."""

import re
from pathlib import Path

import pytest

from local.paths import CHECKOUT
from tests.compose import SERVICES

LOCKS = [
    CHECKOUT / "requirements.lock",
    CHECKOUT / "local" / "audit" / "requirements.lock",
    CHECKOUT / "tests" / "fuzz" / "requirements.lock",
    CHECKOUT / "bench" / "peers" / "requirements.lock",
]
DOCKERFILES = [
    CHECKOUT / folder / "Dockerfile" for folder in ("gateway", "jobs", "sql/grafana", "docs/kubernetes/flink")
]
_LOOPBACK = "127.0.0.1:"


def _relative(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("lock", LOCKS, ids=_relative)
def test_every_package_of_a_lock_file_has_a_hash(lock: Path) -> None:
    entries = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+(?: \\\n    \S.*)*", lock.read_text(), re.MULTILINE)
    named = [line for line in lock.read_text().splitlines() if line[:1].isalnum()]
    assert len(entries) == len(named) > 0
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("file", [CHECKOUT / "Makefile", *DOCKERFILES], ids=_relative)
def test_nothing_is_installed_without_its_hash(file: Path) -> None:
    """The project itself has none, and uv holds packages to the hashes of its constraints."""
    for command in re.findall(r"(?:uv )?pip install[^&\n]*", file.read_text()):
        if command.startswith("uv "):
            assert "-c requirements.lock" in command
        elif not command.rstrip().endswith("-e ."):
            assert "--require-hashes" in command, command
    if "mvn" in file.read_text():
        assert re.search(r"check_jars\.sh \.local|sha256sum --check", file.read_text())


@pytest.mark.parametrize("file", DOCKERFILES, ids=_relative)
def test_no_image_can_hold_what_is_not_meant_for_it(file: Path) -> None:
    ignored = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert {"**/.env", ".git", ".local", ".venv"} <= set(ignored)
    for line in re.findall(r"^COPY (.+)$", file.read_text(), re.MULTILINE):
        sources = [word for word in line.split() if not word.startswith("--")][:-1]
        assert not {".", "./", "*"} & set(sources), line
        if "--from=" not in line:
            assert all((CHECKOUT / source).exists() for source in sources), line


def test_compose_holds_no_secret_and_opens_no_port_to_others() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith(_LOOPBACK)] == []
    secret = re.compile(r"PASSWORD|SECRET|API_KEYS")
    found = [
        value
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if secret.search(name)
    ]
    assert len(found) > 5
    assert [value for value in found if not re.fullmatch(r"\$\{OVATION_\w+:\?[^}]+\}", value)] == []
