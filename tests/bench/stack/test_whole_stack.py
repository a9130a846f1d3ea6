"""The parts of the kit that need the whole stack, each for a moment: what must hold at any speed."""

import asyncio

import pytest

from bench import capacity, growth, hot_stream, soak, tap_to_screen, viral
from bench.stack.edges import Crowd
from bench.stack.grown import curves
from bench.stack.stages import PLACES
from local.stack import Stack
from ovation.audience.plan import Plan
from ovation.deployments import DEPLOYMENTS

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def test_every_tap_is_answered_and_on_every_screen(stack: Stack) -> None:
    run = tap_to_screen.measure(stack, 50, 500, viewers=20, screens=5, seconds=2)
    assert run.answered == run.taps == 1_000
    assert len(run.delays.ms) == 5 * 1_000
    assert 0 < run.delays.percentile(0.5) < run.delays.percentile(0.99)


def test_a_tap_is_at_one_place_after_the_other(stack: Stack) -> None:
    *found, cores = tap_to_screen.stages(stack, 20, 500, viewers=20, screens=5, seconds=2)
    assert "gateway" in cores
    assert [each.partition(",")[0] for each in found] == [*PLACES, "on screen"]
    middles = [float(each.partition("p50 ")[2].partition(" ")[0]) for each in found]
    assert middles == sorted(middles)


def test_one_stream_and_many_count_the_same_taps(stack: Stack) -> None:
    runs = [hot_stream.measure(stack, streams, 500, viewers=20, screens=5, seconds=2) for streams in (1, 20)]
    assert [run.answered for run, _ in runs] == [1_000, 1_000]
    assert all(cpu_s > 0 for _, cpu_s in runs)
    found = hot_stream.findings([runs[0]], [runs[1]], 20, ())
    assert all(each.judged.median > 0 for each in found.findings)


def test_what_a_client_gathered_is_counted_whole(stack: Stack) -> None:
    load = capacity.Load(1, viewers=20, screens=5, burst=2, interval_ms=50, urls=[])
    tried = capacity.attempt(stack, load, 2_000, seconds=1)
    assert tried.run.is_whole
    assert tried.run.taps == 2_000
    assert tried.cores["gateway"] > 0


def test_gateways_that_are_played_write_what_both_stores_count(stack: Stack) -> None:
    cost = growth.point(stack, Crowd(streams=2, viewers=5, gateways=3, emojis=4), 500, 2, None)
    assert cost.kafka_bytes > 0
    assert cost.redis_commands > 0
    assert cost.rows.rows * 1e-3 >= 8, "a window of each stream and emoji at the least"
    cpu, written = curves("gateways", (3,), [cost])
    assert cpu.x == written.x == (3.0,)


def test_what_grows_is_looked_at_while_a_crowd_goes_on(stack: Stack) -> None:
    plan = Plan(streams=2, viewers=10, taps_per_s=100, seconds=4, voters=20, vote_seconds=3, screens=2)
    samples, said = asyncio.run(soak.soak(stack, plan, 0.5))
    assert any("400 acknowledged" in line for line in said)
    assert samples.late(soak.MEMORY, "kafka") > 100
    assert samples.late(soak.LAG, DEPLOYMENTS[0].name) >= 0
    found = soak.findings(samples, ())
    assert {curve.y_name for curve in found.curves} == {soak.MEMORY, soak.LAG, soak.DELAY}


def test_a_stream_goes_viral_and_back_while_a_quiet_one_is_watched(stack: Stack) -> None:
    # So many viewers, one frame at a time, that none of them meets the limit of a viewer.
    steps, seen = viral.go_viral(stack, [stack.settings.gateway_url], [200, 40_000, 200], 4, viewers=1_500, burst=1)
    assert [step.run.answered for step in steps] == [800, 160_000, 800]
    _, used = viral.used(seen)
    assert max(used) >= 4, "all partitions at the height"
    assert used[0] <= 2, "one for each stream before it"
    found = viral.findings(steps, seen, ())
    assert all(each.judged.median > 0 for each in found.findings)
