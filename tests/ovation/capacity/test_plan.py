"""What a plan says of a crowd: never less for more, and what holds it back first."""

from dataclasses import replace
from itertools import pairwise

import pytest

from ovation.capacity.bottleneck import bottleneck, changes
from ovation.capacity.crowd import Crowd
from ovation.capacity.files import FOLDER
from ovation.capacity.given import Assumed, Machines, Prices
from ovation.capacity.load import load
from ovation.capacity.measured import UnitCosts, unit_costs
from ovation.capacity.pace import Pace
from ovation.capacity.plan import Plan, plan
from ovation.errors import OvationError


@pytest.fixture(scope="module")
def costs() -> UnitCosts:
    return unit_costs(FOLDER)


def planned(costs: UnitCosts, crowd: Crowd, machines: Machines = Machines(), prices: Prices = Prices()) -> Plan:  # noqa: B008
    return plan(crowd, costs, machines, prices, Assumed())


@pytest.mark.parametrize("by_stream", [False, True])
def test_more_viewers_never_need_fewer(costs: UnitCosts, by_stream: bool) -> None:
    sizes = (1, 10, 1e3, 3e3, 1e4, 1e5, 1e6, 1e7)
    plans = [planned(costs, Crowd(viewers=viewers, by_stream=by_stream)) for viewers in sizes]

    for smaller, larger in pairwise(plans):
        assert smaller.gateways.number <= larger.gateways.number
        assert smaller.redis.number <= larger.redis.number
        assert smaller.taskmanagers.number <= larger.taskmanagers.number
        assert smaller.clickhouse_disk_gb <= larger.clickhouse_disk_gb
        assert smaller.cost < larger.cost
    assert plans[0].gateways.number < plans[-1].gateways.number


def test_gateways_are_enough_for_what_they_make_and_no_more(costs: UnitCosts) -> None:
    found = planned(costs, Crowd(viewers=2e5))

    assert found.gateways.busy <= 0.5 * found.gateways.number
    assert found.gateways.busy > 0.5 * (found.gateways.number - 1)


def test_fuller_machines_are_fewer(costs: UnitCosts) -> None:
    half, nine_tenths = (planned(costs, Crowd(), Machines(utilisation=share)) for share in (0.5, 0.9))

    assert nine_tenths.gateways.number < half.gateways.number


def test_a_longer_interval_takes_messages_away_and_nothing_else_of_a_gateway(costs: UnitCosts) -> None:
    crowd = Crowd(viewers=1e5, by_stream=True)
    quick, slow = (planned(costs, replace(crowd, interval_ms=interval)) for interval in (50.0, 1_000.0))

    assert slow.load.messages < quick.load.messages / 2
    assert slow.gateways.number < quick.gateways.number
    assert slow.gateway_cores.votes == quick.gateway_cores.votes


def test_a_price_of_nothing_costs_nothing(costs: UnitCosts) -> None:
    free = planned(costs, Crowd(), prices=Prices(0, 0, 0))

    assert free.cost == 0
    assert bottleneck(free).why.startswith("nothing has a price")


def test_a_limit_that_is_passed_comes_before_what_costs_most(costs: UnitCosts) -> None:
    found = bottleneck(planned(costs, Crowd(viewers=25e6)))

    assert found.is_limit
    assert found.name == "the hottest stream on its shard of Redis"


def test_what_costs_most_is_the_bottleneck_where_no_limit_is_passed(costs: UnitCosts) -> None:
    crowd = Crowd(viewers=1e4)
    dear_egress = bottleneck(planned(costs, crowd, prices=Prices(0.001, 0.001, 1.0)))
    dear_cores = bottleneck(planned(costs, crowd, prices=Prices(10.0, 0.001, 0.0)))

    assert (dear_egress.is_limit, dear_egress.name) == (False, "egress to screens")
    assert dear_cores.name in {"gateways", "Kafka brokers"}


def test_votes_meet_the_buckets_of_voters(costs: UnitCosts) -> None:
    crowd = Crowd(viewers=2e7, taps_per_viewer=0.001, voting_share=1.0, voting_s=30, by_stream=True, interval_ms=5_000)
    found = planned(costs, crowd)

    assert found.votes_partitions == 16
    assert found.polls_parallelism > 16
    assert "buckets" in bottleneck(found).name


def test_each_change_goes_on_from_the_one_before_and_is_better(costs: UnitCosts) -> None:
    first = planned(costs, Crowd(viewers=1e6))
    found = list(changes(first, lambda crowd: planned(costs, crowd)))

    assert [each.options.split()[0] for each in found] == ["--by-stream", "--interval-ms", "--socket-share"]
    assert found[1].plan.crowd.by_stream
    assert found[1].plan.crowd.interval_ms == 500
    assert first.limits[0].use > found[0].plan.limits[0].use
    assert found[1].plan.cost > found[2].plan.cost


def test_what_is_set_already_is_no_change(costs: UnitCosts) -> None:
    crowd = Crowd(by_stream=True, interval_ms=1_000, socket_share=0.05, poll_s=5)

    assert not list(changes(planned(costs, crowd), lambda other: planned(costs, other)))


def test_one_on_a_machine_that_a_subtask_alone_fills_is_told_so(costs: UnitCosts) -> None:
    heavy = replace(costs, parts={**costs.parts, "taskmanagers": {**costs.parts["taskmanagers"], "second": 3.0}})

    with pytest.raises(OvationError, match="subtask without taps"):
        planned(heavy, Crowd())


def test_gateways_that_only_keep_each_other_busy_are_never_enough(costs: UnitCosts) -> None:
    own = {**costs.parts["gateway: taps to records"], "gateways": 0.6}

    with pytest.raises(OvationError, match="no number of them"):
        planned(replace(costs, parts={**costs.parts, "gateway: taps to records": own}), Crowd())


def test_every_region_counts_the_world_and_serves_its_own(costs: UnitCosts) -> None:
    crowd = Crowd(viewers=1e6)
    alone, one_of_two = planned(costs, crowd), planned(costs, replace(crowd, regions=2))

    assert one_of_two.load.messages == pytest.approx(alone.load.messages / 2, rel=0.05)
    assert one_of_two.load.votes_counted == pytest.approx(alone.load.votes)
    assert one_of_two.polls_parallelism == alone.polls_parallelism
    # Rows name their region, so each stands twice; the picture in Redis is the sum.
    assert one_of_two.load.rows > 1.5 * alone.load.rows
    assert one_of_two.cost_of_all == 2 * one_of_two.cost


def test_as_many_gateways_say_the_same_to_a_region_s_redis_wherever_they_stand(costs: UnitCosts) -> None:
    crowd, pace = Crowd(viewers=1e6), Pace(live_batch_s=costs.live_batch_s)
    in_two, in_one = load(replace(crowd, regions=2), 50, pace), load(crowd, 100, pace)

    assert in_two.records_counted == pytest.approx(in_one.records, rel=0.01)
    assert in_two.redis.calls == pytest.approx(in_one.redis.calls, rel=0.01)
    assert in_two.redis.changes == pytest.approx(in_one.redis.changes, rel=0.01)
    assert in_two.redis.deliveries == pytest.approx(in_one.redis.deliveries / 2, rel=0.01)


def test_a_mirror_brings_what_all_others_write(costs: UnitCosts) -> None:
    one, two, three = (planned(costs, replace(Crowd(), regions=regions)) for regions in (1, 2, 3))

    assert (one.mirror.number, one.mirror.busy, one.mirrored_gb) == (0, 0.0, 0.0)
    assert two.load.mirrored == two.load.records + two.load.votes
    assert three.load.mirrored == 2 * (three.load.records + three.load.votes)
    assert two.mirror.busy > 0
    more = three.load.mirrored - two.load.mirrored
    assert three.mirror.busy - two.mirror.busy == pytest.approx(costs.mirror["records"] * more)
    assert 0 < two.mirrored_gb < three.mirrored_gb
