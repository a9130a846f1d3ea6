"""Kafka goes away under a running gateway, and comes back: what was answered 2xx is there, once."""

import asyncio
import signal
import time
from pathlib import Path

import aiohttp
import pytest

from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.processes import Process, gateway, until
from tests.gateway.receipts.opened import opened

NO_LIMITS = dict.fromkeys(("limit_viewer_taps_per_s", "limit_viewer_requests_per_s", "limit_address_per_s"), 0)


async def tap_for(api: Api, stream: str, seconds: float) -> int:
    """Tap from several viewers for a while; every tap must be answered 202, and quickly. Return how many were."""
    taken = 0

    async def viewer(number: int) -> None:
        nonlocal taken
        token = await api.token(stream, f"viewer-{number}")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            answer = await api.react(stream, token, {"🔥": 2})
            assert answer.status == 202, answer
            taken += 2

    await asyncio.gather(*(viewer(number) for number in range(8)))
    return taken


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_taps_wait_in_memory_and_come_out_once(
    how: str, broker: Process, bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, max_unacked=4, **NO_LIMITS)
    process.start()
    api = Api(session, url)
    try:
        stream = await api.stream()
        taken = await tap_for(api, stream, 1)
        broker.send(signal.SIGSTOP if how == "stopped" else signal.SIGKILL)
        try:
            # Longer than a request's timeout, so that requests are sent again.
            taken += await tap_for(api, stream, 14)
        finally:
            if how == "stopped":
                broker.send(signal.SIGCONT)
            else:
                assert broker.popen is not None
                await asyncio.to_thread(broker.popen.wait, 10)
                await asyncio.to_thread(broker.start)
        taken += await tap_for(api, stream, 1)

        def arrived() -> int:
            return kafka_log.taps(bootstrap, stream).get("🔥", 0)

        await asyncio.to_thread(until, lambda: arrived() >= taken, 60, "every tap is in Kafka")
        await asyncio.sleep(1)
        assert arrived() == taken
        assert (await api.call("GET", "/readyz")).status == 200
    finally:
        process.stop()


async def test_votes_are_answered_503_within_the_deadline_and_taken_again_afterwards(
    broker: Process, bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, vote_deadline_ms=2_000, **NO_LIMITS)
    process.start()
    api = Api(session, url)
    try:
        stream = await api.stream()
        poll = await api.poll(stream)
        draft = await api.poll(stream, open=False)
        tokens = [await api.token(stream, f"viewer-{number}") for number in range(20)]
        assert (await api.vote(stream, poll, tokens[0], ["1"])).status == 202
        broker.send(signal.SIGSTOP)
        try:
            for least_s in (1.9, 0, 0):
                started = time.monotonic()
                answers = await asyncio.gather(*(api.vote(stream, poll, token, ["1"]) for token in tokens))
                took = time.monotonic() - started
                assert {answer.problem for answer in answers} == {"kafka-unreachable"}
                assert all("retry-after" in answer.headers for answer in answers)
                # After a while of silence it does not ask again: it would not know whether the poll is still open.
                assert least_s < took < 4
            opening = await api.call("POST", f"/v1/streams/{stream}/polls/{draft}/open")
            assert opening.problem == "kafka-unreachable"
            async with asyncio.timeout(15):
                while (await api.call("GET", "/readyz")).status != 503:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            assert "kafka" in (await api.call("GET", "/readyz")).body["down"]
        finally:
            broker.send(signal.SIGCONT)
        receipts = {}
        for token in tokens:
            async with asyncio.timeout(30):
                while (answer := await api.vote(stream, poll, token, ["2"])).status != 202:
                    assert answer.problem == "kafka-unreachable"
            receipts[opened(answer.body["receipt"]).ulid] = answer.status
        written = [vote["receipt"] for vote in await asyncio.to_thread(kafka_log.votes, bootstrap, stream)]
        assert receipts.keys() <= set(written)
        assert len(written) == len(set(written))
    finally:
        process.stop()


async def test_a_gateway_starts_without_kafka_and_redis_and_serves_when_they_come(
    broker: Process, bootstrap: str, redis_server: Process, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder)
    api = Api(session, url)
    broker.send(signal.SIGSTOP)
    redis_server.send(signal.SIGSTOP)
    try:
        process.start(wait=False)
        async with asyncio.timeout(30):
            while True:
                try:
                    alive = await api.call("GET", "/livez")
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        assert alive.status == 200
        ready = await api.call("GET", "/readyz")
        assert ready.status == 503
        assert ready.body["down"] == ["kafka", "control", "redis"]
        assert (await api.call("GET", "/v1/streams/none")).problem == "starting"
    finally:
        broker.send(signal.SIGCONT)
        redis_server.send(signal.SIGCONT)
    try:
        await asyncio.to_thread(until, process.is_ready, 30, "the gateway is ready")
        stream = await api.stream()
        assert (await api.react(stream, await api.token(stream), {"🔥": 1})).status == 202
    finally:
        process.stop()


async def test_sigterm_hands_over_what_waits(
    bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, flush_ms=1_000)
    process.start()
    api = Api(session, url)
    stream = await api.stream()
    token = await api.token(stream)
    for _ in range(50):
        assert (await api.react(stream, token, {"🔥": 1})).status == 202
    process.send(signal.SIGTERM)
    assert process.popen is not None
    await asyncio.to_thread(process.popen.wait, 20)
    assert await asyncio.to_thread(kafka_log.taps, bootstrap, stream) == {"🔥": 50}


async def test_sigterm_without_kafka_ends_at_the_deadline_and_says_what_was_left(
    broker: Process, bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, drain_s=1)
    process.start()
    api = Api(session, url)
    stream = await api.stream()
    token = await api.token(stream)
    broker.send(signal.SIGSTOP)
    try:
        for _ in range(5):
            assert (await api.react(stream, token, {"🔥": 1})).status == 202
        process.send(signal.SIGTERM)
        assert process.popen is not None
        await asyncio.to_thread(process.popen.wait, 20)
    finally:
        broker.send(signal.SIGCONT)
    assert '"taps": 5' in process.log.read_text()
