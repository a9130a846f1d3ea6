from pathlib import Path

from local.parts import PROCESSES, processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.bring_up import plan


def needs(folder: Path, names: list[str], jobs: bool) -> dict[str, frozenset[str]]:
    """Return what each step of a stack waits for, where the stack is all that there can be of `names`."""
    return {step.name: step.needs for step in plan(Stack(read_settings(folder)), processes_of(names), jobs)}


def test_the_gateway_waits_for_topics_and_the_jobs_for_all_they_read_and_write(tmp_path: Path) -> None:
    found = needs(tmp_path, list(PROCESSES), jobs=True)

    assert found["gateway"] == {"topics"}
    assert found["jobs"] == found.keys() - {"gateway", "jobs"}
    assert {name for name, needed in found.items() if not needed} == found.keys() - {
        "gateway",
        "jobs",
        "topics",
        "tables",
    }


def test_a_part_alone_brings_what_belongs_into_it(tmp_path: Path) -> None:
    assert needs(tmp_path, ["kafka"], jobs=True).keys() == {"kafka", "topics"}
    assert needs(tmp_path, ["clickhouse"], jobs=True).keys() == {"clickhouse", "tables"}


def test_no_jobs_are_submitted_when_none_are_wanted(tmp_path: Path) -> None:
    assert "jobs" not in needs(tmp_path, list(PROCESSES), jobs=False)
