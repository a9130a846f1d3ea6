"""`make audit`, with a program in place of pip-audit that says what that would: PyPI's list is not always to be had."""

import re
import subprocess
from pathlib import Path

import pytest

from local.paths import CHECKOUT

LOCKS = [str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("[!.]*/**/requirements.lock")] + [
    "requirements.lock"
]
BAD = "bench/peers/requirements.lock"


def audit(tmp_path: Path, script: str, *files: str) -> subprocess.CompletedProcess[str]:
    """Run the audit; `script` has the file that is asked about as $FILE."""
    program = tmp_path / "pip-audit"
    program.write_text(f'#!/bin/sh\nfor FILE; do :; done\necho "$@" >> {tmp_path}/asked\n{script}\n')
    program.chmod(0o755)
    return subprocess.run(
        [CHECKOUT / "local" / "audit.sh", *files],
        env={"PATH": "/usr/bin:/bin", "PIP_AUDIT": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_lock_file_is_asked_about_and_each_by_itself(tmp_path: Path) -> None:
    [recipe] = re.findall(r"local/audit\.sh (.+)", (CHECKOUT / "Makefile").read_text())
    assert sorted(recipe.split()) == sorted(LOCKS)
    ran = audit(tmp_path, "echo No known vulnerabilities found", *recipe.split())
    assert ran.returncode == 0, ran
    asked = (tmp_path / "asked").read_text().splitlines()
    # With two at once it refuses a package that both name, and audits nothing.
    assert [line.count("--requirement") for line in asked] == [1] * len(LOCKS)


def test_one_that_is_found_fails_and_the_others_are_asked_about(tmp_path: Path) -> None:
    ran = audit(tmp_path, f'[ "$FILE" != {BAD} ] || {{ echo Found 1; exit 1; }}', BAD, "requirements.lock")
    assert ran.returncode == 1
    assert f"{BAD}: Found 1" in ran.stdout
    assert "requirements.lock" in (tmp_path / "asked").read_text()


@pytest.mark.parametrize(
    "said", ["requests.exceptions.ConnectTimeout: x", "Dependency not found on PyPI and could not"]
)
def test_where_nobody_can_say_it_fails(tmp_path: Path, said: str) -> None:
    ran = audit(tmp_path, f"echo '{said}' >&2; exit 1", "requirements.lock", BAD)
    assert ran.returncode == 2
    assert "othing was audited" in ran.stderr
