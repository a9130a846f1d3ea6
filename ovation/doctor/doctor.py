"""Asks every part at once, and puts what is found into the order in which to mend it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ovation.addresses import find_addresses
from ovation.data_dir import data_dir, stack_file
from ovation.doctor import clickhouse, disk, flink, gateway, kafka, redis
from ovation.doctor.finding import Finding, broken
from ovation.doctor.place import Place

Check = Callable[[Place], list[Finding]]

CHECKS: dict[str, Check] = {
    "disk": disk.check,
    "kafka": kafka.check,
    "redis": redis.check,
    "clickhouse": clickhouse.check,
    "flink": flink.check,
    "gateway": gateway.check,
}
"""Who is needed stands before who needs it."""
PARTS = tuple(name for name in CHECKS if name != "disk")


def find_place() -> Place:
    """Return the deployment that commands work on. Raises OvationError when a setting is malformed."""
    root = data_dir()
    return Place(find_addresses(), root if stack_file(root).exists() else None)


def examine(place: Place) -> list[Finding]:
    """Return everything that is wrong, causes first."""
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        found = list(pool.map(lambda name: _run(name, place), CHECKS))
    return in_order([finding for findings in found for finding in findings])


def in_order(findings: list[Finding]) -> list[Finding]:
    """Return findings in the order to mend them in: what is broken by itself, what follows from that, and warnings."""
    down = {each.part for each in findings if each.severity == "broken" and each.follows_from is None}

    def rank(finding: Finding) -> int:
        if finding.follows_from in down:
            return 1
        return 0 if finding.severity == "broken" else 2

    return sorted(findings, key=rank)


def _run(name: str, place: Place) -> list[Finding]:
    try:
        return CHECKS[name](place)
    except (
        Exception
    ) as error:  # An answer that nobody has foreseen is a finding, and no reason to say nothing of others.
        what = f"Its answer is not understood ({type(error).__name__}: {error})."
        return [broken(name, what, "Something else may listen there, or another version.", place.log(name))]
