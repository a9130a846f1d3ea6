"""A poll on its way to final through a real gateway, and the list of its ballots."""

import asyncio
import io
import json
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from contracts.ballots import ballot_id
from ovation.recount import recount
from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.final.consumers import commit
from tests.gateway.final.stores import CROWD, NUMBERS, VOTES, clickhouse, digest, engine, write_history, write_live
from tests.gateway.processes import API_KEY, Process, gateway, until
from tests.sql.server import Server

__all__ = ["clickhouse", "engine"]

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def own_redis(redis_url: str) -> str:
    """A database in which gateways without ClickHouse do not look."""
    return redis_url.rpartition("/")[0] + "/4"


@pytest.fixture(scope="module")
def two(bootstrap: str, own_redis: str, folder: Path, engine: Server) -> Iterator[list[tuple[Process, str]]]:
    gateways = [
        gateway(bootstrap, own_redis, folder, clickhouse_url=engine.url, vote_deadline_ms=1_500) for _ in range(2)
    ]
    for process, _ in gateways:
        process.start()
    yield gateways
    for process, _ in gateways:
        process.stop()


@pytest.fixture
def api(session: aiohttp.ClientSession, two: list[tuple[Process, str]]) -> Api:
    return Api(session, two[0][1])


@pytest.fixture
async def redis(own_redis: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(own_redis)
    yield redis
    await redis.aclose()


async def closed_poll(api: Api, **fields: Any) -> tuple[str, str]:
    stream = await api.stream()
    poll = await api.poll(stream, max_choices=2, **fields)
    assert (await api.step(stream, poll, "close")).status == 200
    return stream, poll


async def download(api: Api, stream: str, poll: str, **options: Any) -> tuple[int, dict[str, str], bytes]:
    headers = {"authorization": f"Bearer {API_KEY}", **options}
    url = f"{api.url}/v1/streams/{stream}/polls/{poll}/ballots"
    async with api.session.get(url, headers=headers) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.read()


async def until_final(api: Api, stream: str, poll: str, seconds: float = 60) -> Any:
    return (await api.until_status(stream, poll, "final", seconds)).body


async def metric(api: Api, name: str) -> float:
    text = (await api.call("GET", "/metrics")).body
    return float(next(line for line in text.splitlines() if line.startswith(name + " ")).split()[1])


async def test_a_poll_becomes_final_once_and_its_ballots_count_to_its_result(
    api: Api, redis: Redis, clickhouse: Any, bootstrap: str
) -> None:
    stream, poll = await closed_poll(api, correct=["1"])
    early = await api.call("GET", f"/v1/streams/{stream}/polls/{poll}/ballots")
    assert (early.status, early.problem) == (409, "not-final-poll")
    await asyncio.to_thread(write_history, clickhouse, stream, poll, CROWD)
    await write_live(redis, stream, poll)
    await asyncio.to_thread(commit, bootstrap)
    await until_final(api, stream, poll)

    status, headers, text = await download(api, stream, poll)
    assert status == 200
    assert headers["content-type"] == "application/x-ndjson"
    assert headers["etag"] == f'"{digest(CROWD)}"'
    assert "immutable" in headers["cache-control"] and "private" in headers["cache-control"]
    found = recount(io.BytesIO(text))
    assert found.differences == []
    assert (found.votes, found.digest) == (tuple(VOTES.values()), digest(CROWD))
    assert found.header["result"] == {"votes": list(VOTES.values()), **NUMBERS}
    assert found.header["correct"] == ["1"]
    assert (await api.show(stream, poll)).body["digest"] == digest(CROWD)
    assert {name for line in text.splitlines()[1:] for name in json.loads(line)} == {"ballot", "choices"}
    assert ballot_id("01KEM" + "0" * 21).encode() in text
    assert (await download(api, stream, poll, **{"if-none-match": headers["etag"]}))[::2] == (304, b"")

    records = await asyncio.to_thread(kafka_log.records, bootstrap, "control", stream)
    finals = [each for each in records if each.get("status") == "final"]
    assert len(finals) == 1
    assert finals[0]["voter_salt"] is None and finals[0]["result"]["digest"] == digest(CROWD)


async def test_a_difference_is_shown_and_logged_and_goes_away(
    api: Api, two: list[tuple[Process, str]], redis: Redis, clickhouse: Any, bootstrap: str, session: Any
) -> None:
    # As after the last time that Redis is filled from the history, which numbers from nowhere would not outlive.
    await redis.set(redis_keys.FILLED, (await redis.info("server"))["run_id"])
    stream, poll = await closed_poll(api)
    await asyncio.to_thread(write_history, clickhouse, stream, poll, CROWD)
    await write_live(redis, stream, poll, voters=NUMBERS["voters"] + 1, received=NUMBERS["received"] + 1)
    await asyncio.to_thread(commit, bootstrap)
    apis = [Api(session, url) for _, url in two]
    async with asyncio.timeout(60):
        while not any([await metric(each, "ovation_gateway_recount_mismatch") for each in apis]):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    logs = "".join(process.log.read_text() for process, _ in two).splitlines()
    error = next(entry for entry in map(json.loads, logs) if entry.get("stream_id") == stream)
    assert (error["level"], error["live"]["voters"], error["recount"]["voters"]) == ("error", 26, 25)
    shown = (await api.show(stream, poll)).body
    assert (shown["status"], shown.get("digest")) == ("closed", None)
    told = [(await each.call("GET", f"/v1/streams/{stream}/stats")).body["recounts"][0] for each in apis]
    [different, *_] = [each for each in told if each["state"] == "different"]
    assert (different["poll_id"], different["live"], different["recount"]) == (poll, error["live"], error["recount"])

    await write_live(redis, stream, poll)
    await until_final(api, stream, poll)
    async with asyncio.timeout(10):
        while any([await metric(each, "ovation_gateway_recount_mismatch") for each in apis]):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_gateways_may_die_and_a_later_one_makes_it_final(
    redis: Redis,
    clickhouse: Any,
    bootstrap: str,
    own_redis: str,
    folder: Path,
    engine: Server,
    session: aiohttp.ClientSession,
) -> None:
    own = own_redis[:-1] + "5"
    first, url = gateway(bootstrap, own, folder, clickhouse_url=engine.url, vote_deadline_ms=1_500)
    first.start()
    stream, poll = await closed_poll(Api(session, url))
    await asyncio.to_thread(first.stop, signal.SIGKILL)
    async with Redis.from_url(own) as its_redis:
        # It died with the lock, which runs out.
        await its_redis.set(redis_keys.poll_recount(stream, poll), "dead", px=1_000)
        await write_live(its_redis, stream, poll)
    await asyncio.to_thread(write_history, clickhouse, stream, poll, CROWD)
    await asyncio.to_thread(commit, bootstrap)
    later, url = gateway(bootstrap, own, folder, clickhouse_url=engine.url, vote_deadline_ms=1_500)
    later.start()
    try:
        await until_final(Api(session, url), stream, poll)
    finally:
        later.stop()


async def test_a_poll_without_votes_becomes_final_with_an_empty_list(api: Api, bootstrap: str) -> None:
    stream, poll = await closed_poll(api)
    await asyncio.to_thread(commit, bootstrap)
    await until_final(api, stream, poll)
    _, _, text = await download(api, stream, poll)
    found = recount(io.BytesIO(text))
    assert (found.voters, found.differences) == (0, [])


async def test_a_list_that_was_changed_after_the_count_does_not_end_as_if_it_were_whole(
    api: Api, redis: Redis, clickhouse: Any, bootstrap: str
) -> None:
    stream, poll = await closed_poll(api)
    await asyncio.to_thread(write_history, clickhouse, stream, poll, CROWD)
    await write_live(redis, stream, poll)
    await asyncio.to_thread(commit, bootstrap)
    await until_final(api, stream, poll)
    clickhouse.command(
        "INSERT INTO ovation.ballots SELECT * REPLACE (['3'] AS choices, version + 1 AS version) "
        f"FROM ovation.ballots FINAL WHERE stream_id = '{stream}' AND voter = 'voter-0'"
    )
    with pytest.raises(aiohttp.ClientPayloadError):
        await download(api, stream, poll)


async def test_who_may_not_read_it_learns_nothing(api: Api) -> None:
    stream, poll = await closed_poll(api)
    path = f"/v1/streams/{stream}/polls/{poll}/ballots"
    assert (await api.call("GET", path, token=None)).problem == "bad-api-key"
    assert (await api.call("GET", path, token=await api.token(stream))).problem == "bad-api-key"
    key = await api.call("POST", "/v1/keys", {"name": "votes only", "scopes": ["polls"]})
    assert (await api.call("GET", path, token=key.body["key"])).problem == "missing-scope"
    assert (await api.call("GET", f"/v1/streams/{stream}/polls/none/ballots")).problem == "unknown-poll"
    assert (await api.call("GET", "/v1/streams/none/polls/none/ballots")).problem == "unknown-stream"


async def test_without_clickhouse_the_answer_is_503(
    redis: Redis,
    clickhouse: Any,
    bootstrap: str,
    own_redis: str,
    folder: Path,
    api: Api,
    session: aiohttp.ClientSession,
) -> None:
    stream, poll = await closed_poll(api)
    await asyncio.to_thread(commit, bootstrap)
    await until_final(api, stream, poll)
    process, url = gateway(bootstrap, own_redis, folder, clickhouse_url="http://127.0.0.1:1")
    process.start()
    try:
        await asyncio.to_thread(until, process.is_ready, 30, "the gateway is ready")
        answer = await Api(session, url).call("GET", f"/v1/streams/{stream}/polls/{poll}/ballots")
        assert answer.problem == "history-unreachable"
    finally:
        process.stop()
