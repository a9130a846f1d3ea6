"""What one gateway writes every gateway knows, also one that starts later; and the log decides who was first."""

import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from kafka import KafkaProducer
from redis.asyncio import Redis

from contracts import redis_keys
from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api
from tests.gateway.processes import gateway

AGREE_S = 0.25


async def all_know(three: list[Api], stream: str, poll: str) -> None:
    await asyncio.gather(*(api.until_known(stream, poll) for api in three))


async def definitions(three: list[Api], stream: str, poll: str) -> list[Any]:
    return [(await api.show(stream, poll)).body for api in three]


async def test_three_gateways_agree_within_a_quarter_of_a_second(three: list[Api]) -> None:
    first, *others = three
    stream = await first.stream()
    poll = await first.poll(stream, open=False)
    await all_know(three, stream, poll)

    async def seen(api: Api, status: str) -> float:
        await api.until_status(stream, poll, status)
        return time.perf_counter()

    took = []
    for step, status in (("open", "open"), *(("pause", "paused"), ("open", "open")) * 10, ("close", "closed")):
        watching = asyncio.gather(*(seen(api, status) for api in others))
        started = time.perf_counter()
        assert (await first.step(stream, poll, step)).status == 200
        took.append(max(await watching) - started)
    assert max(took) < AGREE_S, took


async def test_a_gateway_killed_and_two_added_change_nothing(
    bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    dying, url = gateway(bootstrap, redis_url, folder)
    dying.start()
    doomed = Api(session, url)
    stream = await doomed.stream(title="Before")
    polls = {status: await doomed.poll(stream, open=False) for status in ("draft", "open", "paused", "closed")}
    for status, steps in (("open", ["open"]), ("paused", ["open", "pause"]), ("closed", ["open", "close"])):
        for step in steps:
            assert (await doomed.step(stream, polls[status], step)).status == 200
    token = await doomed.token(stream)
    assert (await doomed.vote(stream, polls["open"], token, ["1"])).status == 202
    dying.stop(signal.SIGKILL)
    added = [gateway(bootstrap, redis_url, folder) for _ in range(2)]
    try:
        for process, url in added:
            process.start()
            api = Api(session, url)
            assert (await api.call("GET", f"/v1/streams/{stream}")).body["title"] == "Before"
            listed = (await api.call("GET", f"/v1/streams/{stream}/polls")).body["polls"]
            assert {each["poll_id"]: each["status"] for each in listed} == {
                poll: status for status, poll in polls.items()
            }
        one, other = (Api(session, url) for _, url in added)
        assert (await one.step(stream, polls["paused"], "open")).status == 200
        await other.until_status(stream, polls["paused"], "open")
        assert (await other.vote(stream, polls["open"], token, ["1"])).status == 202
        votes = await asyncio.to_thread(kafka_log.votes, bootstrap, stream)
        assert len({vote["voter"] for vote in votes}) == 1
        assert len({vote["receipt"] for vote in votes}) == 2
    finally:
        for process, _ in added:
            process.stop()


async def at_once(three: list[Api], *calls: tuple[str, str, object, dict[str, str]]) -> list[Answer]:
    """Make the calls at the same moment, each at another gateway."""
    return await asyncio.gather(
        *(
            api.call(method, path, body, headers=headers)
            for api, (method, path, body, headers) in zip(three, calls, strict=True)
        )
    )


async def test_of_concurrent_creations_one_is_made(three: list[Api]) -> None:
    for _ in range(10):
        stream, poll = uuid4().hex, "same"
        body = {"title": "Test", "emojis": ["🔥"], "stream_id": stream}
        answers = await at_once(three, *([("POST", "/v1/streams", body, {})] * 3))
        assert sorted(answer.status for answer in answers) == [201, 409, 409]
        assert {answer.problem for answer in answers if answer.status == 409} == {"stream-exists"}
        await asyncio.gather(*(api.until_known(stream) for api in three))
        calls: list[tuple[str, str, object, dict[str, str]]] = [
            (
                "POST",
                f"/v1/streams/{stream}/polls",
                {"question": f"By {n}?", "options": ["a", "b"], "poll_id": poll},
                {},
            )
            for n in range(3)
        ]
        answers = await at_once(three, *calls)
        assert sorted(answer.status for answer in answers) == [201, 409, 409]
        assert {answer.problem for answer in answers if answer.status == 409} == {"poll-exists"}
        made = next(answer.body["question"] for answer in answers if answer.status == 201)
        await all_know(three, stream, poll)
        assert {each["question"] for each in await definitions(three, stream, poll)} == {made}


async def test_of_concurrent_edits_with_one_precondition_one_is_made(three: list[Api]) -> None:
    stream = await three[0].stream()
    poll = await three[0].poll(stream, open=False)
    await all_know(three, stream, poll)
    for number in range(10):
        etag = (await three[0].show(stream, poll)).headers["etag"]
        revision = int(etag.strip('"').split(".")[0])
        path, condition = f"/v1/streams/{stream}/polls/{poll}", {"if-match": etag}
        calls = [("PATCH", path, {"question": f"{number}: by {edge}?"}, condition) for edge in range(3)]
        answers = await at_once(three, *calls)
        assert sorted(answer.status for answer in answers) == [200, 412, 412]
        assert {answer.problem for answer in answers if answer.status == 412} == {"precondition-failed"}
        made = next(answer for answer in answers if answer.status == 200)
        assert made.headers["etag"] == f'"{revision + 1}.0"'
        async with asyncio.timeout(5):
            while {each["question"] for each in await definitions(three, stream, poll)} != {made.body["question"]}:
                pass


async def test_concurrent_steps_lead_to_one_life(three: list[Api], bootstrap: str) -> None:
    for _ in range(10):
        stream = await three[0].stream()
        poll = await three[0].poll(stream, open=False)
        await all_know(three, stream, poll)
        path = f"/v1/streams/{stream}/polls/{poll}"
        answers = await at_once(three, *(("POST", f"{path}/{step}", None, {}) for step in ("open", "close", "open")))
        # Closing may come first, and then finds a draft; or between the two, and then one of them comes too late.
        assert {answer.status for answer in answers} <= {200, 409}
        assert 200 in {answers[0].status, answers[2].status}
        if answers[1].status == 200:
            for api in three:
                await api.until_status(stream, poll, "closed")
        else:
            assert answers[1].problem == "poll-not-open"
            for api in three:
                await api.until_status(stream, poll, "open")
    records = await asyncio.to_thread(kafka_log.records, bootstrap, "control", stream)
    standing: dict[int, str] = {}
    for record in records:
        if record["kind"] == "poll":
            standing.setdefault(record["revision"], record["status"])
    assert list(standing) == list(range(1, len(standing) + 1))
    assert list(standing.values()) in (["draft", "open"], ["draft", "open", "closed"])


async def test_a_record_that_lost_is_covered_so_that_a_later_gateway_agrees(
    three: list[Api], bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    api = three[0]
    stream = await api.stream()
    poll = await api.poll(stream)
    records = await asyncio.to_thread(kafka_log.keyed_records, bootstrap, "control", f'"{poll}"')
    key, won = records[-1]
    lost = {**won, "edge": "dead-gateway", "status": "cancelled", "voter_salt": None}

    def lose() -> None:
        producer = KafkaProducer(bootstrap_servers=bootstrap)
        producer.send("control", json.dumps(lost).encode(), key=key, partition=0).get(10)
        producer.close()

    await asyncio.to_thread(lose)

    async def last() -> dict[str, Any]:
        found = await asyncio.to_thread(kafka_log.keyed_records, bootstrap, "control", f'"{poll}"')
        return found[-1][1]

    assert (await last()) == lost
    async with asyncio.timeout(10):
        while (await last()) != won:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    late, url = gateway(bootstrap, redis_url, folder)
    late.start()
    try:
        assert {each["status"] for each in await definitions([*three, Api(session, url)], stream, poll)} == {"open"}
    finally:
        late.stop()


async def test_an_emptied_redis_has_the_statuses_again(three: list[Api], redis_url: str) -> None:
    stream = await three[0].stream()
    polls = [await three[0].poll(stream) for _ in range(3)]
    await all_know(three, stream, polls[-1])
    await three[0].step(stream, polls[1], "pause")
    await three[0].step(stream, polls[2], "close")
    expected = ["open", "paused", "closed"]
    async with Redis.from_url(redis_url, decode_responses=True) as redis:

        async def statuses() -> list[str | None]:
            async with redis.pipeline() as pipeline:
                for poll in polls:
                    pipeline.hget(redis_keys.poll(stream, poll), "status")
                found: list[str | None] = await pipeline.execute()
                return found

        for _ in range(2):
            async with asyncio.timeout(10):
                while await statuses() != expected:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await redis.flushall()


async def test_the_records_of_a_poll_are_keyed_and_whole(api: Api, bootstrap: str) -> None:
    stream = await api.stream()
    poll, draft = await api.poll(stream, open=False, closes_in_s=60), await api.poll(stream, open=False)
    await api.step(stream, poll, "open")
    await api.step(stream, poll, "open")
    await api.call("POST", f"/v1/streams/{stream}/end")
    await api.call("POST", f"/v1/streams/{stream}/end")
    written = await asyncio.to_thread(kafka_log.keyed_records, bootstrap, "control", stream)
    lives: dict[str, list[tuple[int, str]]] = {}
    for key, value in written:
        assert key is not None
        lives.setdefault(key.decode(), []).append((value["revision"], value["status"]))
    assert lives == {
        f"stream:{stream}": [(1, "live"), (2, "ended")],
        f"poll:{stream}:{poll}": [(1, "draft"), (2, "open"), (3, "closed")],
        f"poll:{stream}:{draft}": [(1, "draft"), (2, "cancelled")],
    }
    salts = [value["voter_salt"] for key, value in written if key == f"poll:{stream}:{poll}".encode()]
    assert len(set(salts)) == 1
    assert salts[0] is not None
