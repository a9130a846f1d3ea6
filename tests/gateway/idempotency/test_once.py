import asyncio

import pytest
from redis.asyncio import Redis
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.idempotency import once, store
from gateway.idempotency.record import MAX_ANSWER_BYTES
from gateway.idempotency.write import new_id, new_secret
from gateway.lean import json_response, problem_response
from gateway.refusal import Refused
from tests.gateway.idempotency.conftest import Gateway, records


async def test_a_write_is_done_once_and_answered_again_by_every_gateway(gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways
    first = await one.call(body={"title": "x"})
    assert first == (201, {"done": 1})
    headers = one.response.raw_headers
    for gateway in (one, two):
        assert await gateway.call(body={"title": "x"}) == first
        assert gateway.response.raw_headers == headers
    assert one.done == [{"title": "x"}]
    assert two.done == []


async def test_callers_do_not_share_keys(gateways: tuple[Gateway, Gateway]) -> None:
    one, _ = gateways
    await one.call()
    await one.call(caller="viewer cup bob")
    await one.call(key="other")
    assert len(one.done) == 3


async def test_the_same_key_with_another_body_is_refused(gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways
    await one.call(body=1)
    assert await two.call(body=2) == (422, "idempotency-key-reused")
    assert await two.call(body=1) == (201, {"done": 1})


async def test_while_the_first_is_not_answered_the_second_is_told_to_wait(gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways
    running, may_end = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> Response:
        running.set()
        await may_end.wait()
        return await one.work(request)

    first = asyncio.create_task(one.call(work=slow))
    await running.wait()
    assert await two.call() == (409, "idempotency-in-progress")
    assert two.response.headers["retry-after"] == "1"
    assert await two.call(body=2) == (422, "idempotency-key-reused")
    may_end.set()
    assert await first == await two.call() == (201, {"done": 1})


async def test_a_refusal_is_an_answer_too(gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways

    async def refuse(request: Request) -> Response:
        one.done.append(1)
        return problem_response(Refused(problems.STREAM_EXISTS))

    for _ in range(2):
        assert await one.call(work=refuse) == (409, "stream-exists")
    assert await two.call() == (409, "stream-exists")
    assert (len(one.done), len(two.done)) == (1, 0)


@pytest.mark.parametrize(
    "refused", [Refused(problems.KAFKA_UNREACHABLE), Refused(problems.RATE_LIMITED, retry_after_s=1)]
)
async def test_what_shall_come_again_is_done_again(refused: Refused, gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways

    async def refuse(request: Request) -> Response:
        return problem_response(refused)

    assert (await one.call(work=refuse))[0] == refused.problem.status
    assert await two.call() == (201, {"done": 1})


async def test_redis_holds_nothing_that_can_be_read_for_a_day(
    gateways: tuple[Gateway, Gateway], redis_url: str
) -> None:
    one, _ = gateways

    async def token(request: Request) -> Response:
        return json_response({"token": "secret-token"}, 201)

    await one.call(key="my-key", work=token)
    ((name, (value, left_ms)),) = (await records(redis_url)).items()
    for text in (b"secret-token", b"anna", b"my-key", b"cup"):
        assert text not in name + value
    assert 24 * 3_600_000 - 10_000 < left_ms <= 24 * 3_600_000
    assert len(value) < 256


async def test_an_answer_that_is_too_large_is_not_kept(gateways: tuple[Gateway, Gateway], redis_url: str) -> None:
    one, _ = gateways

    async def large(request: Request) -> Response:
        return json_response("x" * MAX_ANSWER_BYTES)

    await one.call(work=large)
    assert await records(redis_url) == {}


async def test_a_random_id_without_a_key() -> None:
    request = Request({"type": "http", "headers": []})
    assert new_id(request, 12) != new_id(request, 12)
    assert len(new_id(request, 12)) == 12
    assert new_secret(request) != new_secret(request)


async def test_what_redis_holds_of_another_secret_is_not_trusted(
    gateways: tuple[Gateway, Gateway], redis_url: str
) -> None:
    one, _ = gateways
    await one.call()
    ((name, _value),) = (await records(redis_url)).items()
    redis = Redis.from_url(redis_url)
    await redis.set(name, b"forged")
    await redis.aclose()
    assert await one.call() == (503, "idempotency-unavailable")
    assert len(one.done) == 1


def test_the_first_claim_outlives_a_write_and_answers_outlive_it() -> None:
    assert once.DONE_BY_MS < once.CLAIM_MS < store.KEPT_MS
