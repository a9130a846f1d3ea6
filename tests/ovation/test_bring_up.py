from pathlib import Path

from local import redis
from local.parts import PROCESSES, processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.bring_up import plan


def needs(folder: Path, names: list[str], jobs: bool, redis_masters: int = 1) -> dict[str, frozenset[str]]:
    """Return what each step of a stack waits for, where the stack is all that there can be of `names`."""
    stack = Stack(read_settings(folder, redis_masters=redis_masters))
    return {step.name: step.needs for step in plan(stack, processes_of(names), jobs)}


def test_the_gateway_waits_for_topics_and_the_jobs_for_all_they_read_and_write(tmp_path: Path) -> None:
    found = needs(tmp_path, list(PROCESSES), jobs=True)

    assert found["gateway"] == {"topics"}
    assert found["jobs"] == found.keys() - {"gateway", "jobs"}
    first = {name for name, needed in found.items() if not needed}
    assert first == found.keys() - {"gateway", "jobs", "topics", "tables"}


def test_the_jobs_wait_for_the_slots_of_a_cluster(tmp_path: Path) -> None:
    found = needs(tmp_path, list(PROCESSES), jobs=True, redis_masters=3)

    assert found["slots"] == set(redis.MASTERS)
    assert "slots" in found["jobs"]
    assert needs(tmp_path, ["redis"], jobs=True, redis_masters=3).keys() == {*redis.MASTERS, "slots"}


def test_a_part_alone_brings_what_belongs_into_it(tmp_path: Path) -> None:
    assert needs(tmp_path, ["kafka"], jobs=True).keys() == {"kafka", "topics"}
    assert needs(tmp_path, ["clickhouse"], jobs=True).keys() == {"clickhouse", "tables"}


def test_no_jobs_are_submitted_when_none_are_wanted(tmp_path: Path) -> None:
    assert "jobs" not in needs(tmp_path, list(PROCESSES), jobs=False)
