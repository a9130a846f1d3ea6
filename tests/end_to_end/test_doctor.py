"""Parts are taken away in turn: the doctor names each, and its own command brings it back."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from contracts.topics import DEAD_LETTERS, VOTES
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.clickhouse import connect
from ovation.deployments import DEPLOYMENTS
from ovation.doctor.doctor import examine
from ovation.doctor.finding import Finding
from ovation.doctor.place import Place
from ovation.submit import stop_all
from tests.end_to_end import dead_letters

DEADLINE_S = 120.0
OVATION = f"{sys.executable} -m ovation"


@pytest.fixture
def place(stack: Stack, addresses: Addresses) -> Place:
    place = Place(addresses, stack.settings.data_dir)
    until(place, lambda findings: not findings)
    return place


def until(place: Place, holds: Callable[[list[Finding]], object]) -> list[Finding]:
    """Ask again and again until what is found is as it should be; return that. Other tests leave dead letters."""
    deadline = time.monotonic() + DEADLINE_S
    while not holds(findings := [each for each in examine(place) if DEAD_LETTERS.name not in each.what]):
        assert time.monotonic() < deadline, findings
        time.sleep(0.5)
    return findings


def mend(finding: Finding) -> None:
    """Do what a finding says, as an operator does who copies its line."""
    command = finding.mend.replace(" ovation ", f" {OVATION} ")
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=240, check=False)
    assert ran.returncode == 0, (command, ran.stdout, ran.stderr)


@pytest.mark.parametrize("part", ["redis", "clickhouse", "kafka", "gateway"])
def test_a_part_that_is_away(stack: Stack, place: Place, part: str) -> None:
    stack.supervisor.stop(part)
    findings = until(place, lambda found: any(each.part == part and each.severity == "broken" for each in found))
    assert findings[0].part == part, "the cause stands before what follows from it"
    assert place.address(part) in findings[0].what
    # Others may say what they lack, and nothing else.
    assert all(each.follows_from == part for each in findings if each.severity == "broken" and each.part != part)
    mend(findings[0])
    until(place, lambda found: not found)


def test_gateways_say_what_they_lack(stack: Stack, place: Place) -> None:
    stack.supervisor.stop("redis")
    findings = until(place, lambda found: any(each.part == "gateway" for each in found))
    assert [(each.part, each.follows_from) for each in findings] == [("redis", None), ("gateway", "redis")]
    mend(findings[0])
    until(place, lambda found: not found)


def test_a_job_that_does_not_run(place: Place, addresses: Addresses) -> None:
    stopped = DEPLOYMENTS[1]
    stop_all(addresses, deployments=[stopped])
    [finding] = until(place, lambda found: found)
    assert stopped.name in finding.what
    assert all(each.name not in finding.what for each in DEPLOYMENTS if each != stopped)
    mend(finding)
    until(place, lambda found: not found)


def test_a_taskmanager_that_is_away(stack: Stack, place: Place) -> None:
    # A job's failure may name a TaskManager, too.
    what = "Only 1 of its 2 TaskManagers is there."
    stack.supervisor.stop("flink-taskmanager-2")
    findings = until(place, lambda found: any(each.what == what for each in found))
    mend(next(each for each in findings if each.what == what))
    until(place, lambda found: not found)


def test_tables_of_another_version(place: Place, addresses: Addresses) -> None:
    client = connect(addresses.clickhouse_url, "default", "")
    client.command(
        "INSERT INTO ovation.schema_migrations SELECT number, name, checksum, false, now64(6) "
        "FROM ovation.schema_migrations FINAL ORDER BY number DESC LIMIT 1"
    )
    client.close()
    [finding] = until(place, lambda found: found)
    assert "migration" in finding.what
    mend(finding)
    until(place, lambda found: not found)


def test_records_that_nobody_can_read(place: Place, addresses: Addresses) -> None:
    written = dead_letters.write(addresses.kafka_bootstrap, VOTES.name, [b"no vote"])
    dead_letters.wait_for(addresses.kafka_bootstrap, set(written))
    [finding] = [each for each in examine(place) if DEAD_LETTERS.name in each.what]
    assert (finding.part, finding.severity) == ("kafka", "warning")
