"""A short form of `make bench-delivery`, with limits far from what is measured there, to see a regression."""

import asyncio
from collections.abc import Iterator

import pytest

from bench.last_mile.bare import bare
from bench.last_mile.delivered import Delivered, deliver, deliver_bare, idle
from bench.last_mile.gateway import Gateway, lone_gateway
from local.settings import StackSettings
from tests.gateway.processes import Process

PER_S = 50


@pytest.fixture(scope="module")
def alone(stack: StackSettings, broker: Process, redis_server: Process) -> Iterator[Gateway]:
    with lone_gateway(stack) as gateway:
        yield gateway


def p99_ms(delivered: Delivered) -> float:
    return delivered.delays.percentile(0.99) or 0


async def test_an_idle_socket_takes_little(alone: Gateway) -> None:
    assert await idle(alone, 500, 1) < 20


async def test_a_message_costs_little_more_than_its_bytes(alone: Gateway) -> None:
    done = await deliver(alone, 200, 0, PER_S, 2)
    assert (done.missing, done.cut) == (0, {})
    assert p99_ms(done) < 1_000
    frames_per_s = done.frames / 200 / 2
    with bare(done.bytes // done.frames) as server:
        floor = await asyncio.to_thread(deliver_bare, server, 200, frames_per_s, 2)
    assert floor.per_cpu_s / done.per_cpu_s < 3.5


async def test_who_takes_nothing_holds_up_nobody(alone: Gateway) -> None:
    done = await deliver(alone, 100, 40, PER_S, 3)
    assert (done.missing, done.cut) == (0, {})
    assert p99_ms(done) < 1_000
    assert done.memory_kb < 4_096
