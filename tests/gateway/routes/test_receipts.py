"""What a receipt tells, against a real ClickHouse; the test plays the job that writes the voters' rows."""

import asyncio
import json
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from contracts.ballots import ballot_id
from gateway.receipts.ulids import Ulids
from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api
from tests.gateway.history.engine import clickhouse
from tests.gateway.history.over_http import api, client, url
from tests.gateway.history.rows import put_voter
from tests.gateway.processes import TOKEN_SECRET, gateway
from tests.sql.server import Server

pytestmark = pytest.mark.engine


__all__ = ["api", "clickhouse", "client", "url"]


async def ask(api: Api, receipt: str) -> Answer:
    return await api.call("GET", f"/v1/receipts/{receipt}", token=None)


async def outcome(api: Api, receipt: str) -> str:
    answer = await ask(api, receipt)
    assert answer.status == 200, answer
    return str(answer.body["outcome"])


async def written(bootstrap: str, stream: str) -> list[dict[str, Any]]:
    return await asyncio.to_thread(kafka_log.votes, bootstrap, stream)


@pytest.mark.parametrize(
    ("allow_change", "standing", "row", "expected"),
    [
        (False, "mine", {}, "counted"),
        (False, "earlier", {}, "duplicate"),
        (False, "later", {}, "pending"),
        (False, "", {"outcome": "late"}, "pending"),
        (False, "", {"outcome": "invalid", "invalid": 1, "at_ms": 9_999_999_999_999}, "invalid"),
        (True, "mine", {}, "counted"),
        (True, "mine", {"outcome": "withdrawn"}, "withdrawn"),
        (True, "later", {}, "replaced"),
        (True, "later", {"outcome": "withdrawn"}, "replaced"),
        (True, "earlier", {}, "pending"),
        (True, "", {"outcome": "ineligible"}, "pending"),
    ],
)
async def test_outcomes(
    api: Api, bootstrap: str, client: Any, allow_change: bool, standing: str, row: dict[str, Any], expected: str
) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, allow_change=allow_change)
    receipt = (await api.vote(stream, poll, await api.token(stream), ["2"])).body["receipt"]
    assert await outcome(api, receipt) == "pending"
    (vote,) = await written(bootstrap, stream)
    standings = {
        "": "",
        "mine": vote["receipt"],
        "earlier": Ulids().new(vote["at"] - 1),
        "later": Ulids().new(vote["at"] + 1),
    }
    put_voter(client, stream, poll, vote["voter"], receipt=standings[standing], **row)
    put_voter(client, stream, poll, "A" * 22, receipt=Ulids().new(vote["at"] + 5))
    answer = await ask(api, receipt)
    assert answer.body == {
        "stream_id": stream,
        "poll_id": poll,
        "outcome": expected,
        "at": vote["at"],
        **({"ballot": ballot_id(vote["receipt"])} if expected == "counted" else {}),
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_late_and_ineligible_votes_are_told_at_once(api: Api) -> None:
    stream = await api.stream()
    token = await api.token(stream, claims={"team": "red"})
    short = await api.poll(stream, closes_in_s=1)
    chosen = await api.poll(stream, eligibility={"team": ["blue"]})
    await asyncio.sleep(1.6)
    for poll, problem, expected in ((short, "late-vote", "late"), (chosen, "ineligible", "ineligible")):
        answer = await api.vote(stream, poll, token, ["1"])
        assert answer.problem == problem
        assert await outcome(api, answer.body["receipt"]) == expected


async def test_a_receipt_outlives_its_polls_voter_key(api: Api, bootstrap: str, client: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    receipt = (await api.vote(stream, poll, await api.token(stream), ["1"])).body["receipt"]
    (vote,) = await written(bootstrap, stream)
    put_voter(client, stream, poll, vote["voter"], receipt=vote["receipt"])
    assert (await api.call("POST", f"/v1/streams/{stream}/polls/{poll}/cancel")).status == 200
    assert await outcome(api, receipt) == "counted"


async def test_holds_no_identity_and_cannot_be_made_up(api: Api, bootstrap: str) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    token = await api.token(stream, "viewer-with-a-long-name")
    receipt = (await api.vote(stream, poll, token, ["1"])).body["receipt"]
    (vote,) = await written(bootstrap, stream)
    raw = urlsafe_b64decode(receipt + "=" * (-len(receipt) % 4))
    for secret in ("viewer-with-a-long-name", vote["voter"], vote["receipt"], stream, poll):
        assert secret not in receipt
        assert secret.encode() not in raw
    told = json.dumps((await ask(api, receipt)).body)
    assert "viewer" not in told
    assert vote["voter"] not in told
    for forged in (receipt[:-1], receipt + "A", "A" + receipt[1:] if receipt[0] != "A" else "B" + receipt[1:], "x"):
        answer = await ask(api, forged)
        assert (answer.status, answer.problem) == (404, "unknown-receipt")


async def test_through_any_gateway_and_past_a_rotation_of_secrets(
    api: Api, bootstrap: str, redis_url: str, clickhouse: Server, session: aiohttp.ClientSession, folder: Path
) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    receipt = (await api.vote(stream, poll, await api.token(stream), ["1"])).body["receipt"]
    secrets = f"new:{'n' * 40},default:{TOKEN_SECRET}"
    process, url = gateway(bootstrap, redis_url, folder, clickhouse_url=clickhouse.url, token_secret=secrets)
    process.start()
    try:
        other = Api(session, url)
        await other.until_known(stream, poll)
        assert await outcome(other, receipt) == "pending"
        newer = (await other.vote(stream, poll, await other.token(stream, "viewer-2"), ["1"])).body["receipt"]
        assert await outcome(other, newer) == "pending"
        assert (await ask(api, newer)).problem == "unknown-receipt"
    finally:
        process.stop()


async def test_without_clickhouse_votes_go_on_and_receipts_say_why_not(
    bootstrap: str, redis_url: str, session: aiohttp.ClientSession, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, clickhouse_url="http://127.0.0.1:9")
    process.start()
    try:
        api = Api(session, url)
        stream = await api.stream()
        poll = await api.poll(stream)
        answer = await api.vote(stream, poll, await api.token(stream), ["1"])
        assert answer.status == 202
        refused = await ask(api, answer.body["receipt"])
        assert (refused.status, refused.problem) == (503, "history-unreachable")
        assert refused.headers["retry-after"]
    finally:
        process.stop()
