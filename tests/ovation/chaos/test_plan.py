from itertools import combinations

import pytest

from local.flink import TASKMANAGERS
from ovation.chaos.faults import FAULTS, LONG, happening_to
from ovation.chaos.plan import draw


def test_a_seed_does_the_same_again() -> None:
    assert [str(draw(seed, FAULTS)) for seed in range(50)] == [str(draw(seed, FAULTS)) for seed in range(50)]
    assert draw(3, FAULTS).crowd == draw(3, FAULTS).crowd


def test_every_fault_is_drawn_alone_or_with_others() -> None:
    plans = [draw(seed, FAULTS) for seed in range(400)]
    assert {event.fault.name for plan in plans for event in plan.events} == set(FAULTS)
    assert {len(plan.events) for plan in plans} == {1, 2, 3}


def test_nothing_happens_to_a_taskmanager_that_is_not_there() -> None:
    two = happening_to(FAULTS, TASKMANAGERS[:2])
    lacking = set(two) - set(happening_to(FAULTS, TASKMANAGERS[:1]))

    assert lacking == {f"{what} {TASKMANAGERS[1]}" for what in ("kill", "hang", "disk full for")}
    assert not any(name.endswith(TASKMANAGERS[2]) for name in two)
    assert happening_to(FAULTS, TASKMANAGERS) == FAULTS


@pytest.mark.parametrize("faults", [FAULTS, LONG], ids=["short", "long"])
def test_what_cannot_be_together_never_is(faults: dict[str, object]) -> None:
    for seed in range(400):
        plan = draw(seed, faults, most=4)  # type: ignore[arg-type]
        for one, other in combinations(plan.events, 2):
            assert one.fault.target != other.fault.target
            names, targets = (one.fault.name, other.fault.name), {one.fault.target, other.fault.target}
            kills = any(name.startswith("kill gateway") for name in names)
            assert not (kills and {"kafka", "network"} & targets), names
            assert "jobs" not in targets
            assert not ("all gateways" in targets and any(each.startswith("gateway") for each in targets)), names
            assert not ("kafka" in targets and {"records", "partitions"} & targets), names


def test_the_crowd_goes_on_until_everything_is_healed() -> None:
    for seed in range(100):
        plan = draw(seed, FAULTS)
        assert plan.crowd.seconds is not None
        assert all(event.at_s + event.for_s < plan.crowd.seconds for event in plan.events)
