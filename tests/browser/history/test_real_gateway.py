"""The page on a real gateway beside a real engine: what was written is plotted, and only for a key that may read."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from contracts.tables import DATABASE, REACTION_WINDOWS
from gateway.receipts.ulids import Ulids
from tests.gateway.api import Api
from tests.gateway.conftest import bootstrap, broker, folder, redis_server, redis_url, stack
from tests.gateway.history.engine import clickhouse
from tests.gateway.history.over_http import url
from tests.gateway.history.rows import put_voter
from tests.sql.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

__all__ = ["bootstrap", "broker", "clickhouse", "folder", "redis_server", "redis_url", "stack", "url"]


@pytest_asyncio.fixture(loop_scope="session")
async def api(url: str) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, url)


async def key(api: Api, *scopes: str) -> str:
    answer = await api.call("POST", "/v1/keys", {"name": "studio", "scopes": scopes})
    assert answer.status == 201, answer
    return str(answer.body["key"])


def write(client: Any, stream: str, begin_ms: int, taps: dict[int, dict[str, int]]) -> None:
    """Write windows as the job does, from the second on in which the stream began."""
    names = ("stream_id", "window_start", "emoji", "region", "reactions", "version")
    begin = dt.datetime.fromtimestamp(begin_ms // 1000, dt.UTC)
    rows = [
        (stream, begin + dt.timedelta(seconds=second), emoji, "eu", count, count)
        for second, counts in taps.items()
        for emoji, count in counts.items()
    ]
    client.insert(REACTION_WINDOWS, rows, column_names=names, database=DATABASE)


async def test_a_stream_is_plotted_from_its_first_tap_to_its_last_vote(
    page: Page, api: Api, clickhouse: Server
) -> None:
    client = clickhouse.client()
    stream = await api.stream(title="A real one")
    poll = await api.poll(stream, question="Which side?", options=["Left", "Right"])
    begin_ms = (await api.call("GET", f"/v1/streams/{stream}")).body["created_at"]
    opened_ms = (await api.show(stream, poll)).body["opened_at"]
    write(client, stream, begin_ms, {0: {"🔥": 30, "👏": 12}})
    ulids = Ulids()
    for number, option in enumerate("1121"):
        receipt = ulids.new(opened_ms + number)
        put_voter(client, stream, poll, f"{number:022}", choices=[option], receipt=receipt)

    await page.goto(f"{api.url}/studio/{stream}/history#key={await key(api, 'read')}")
    await expect(page.locator("h1")).to_have_text("A real one")
    await expect(page.locator("#state")).to_have_text("Live")
    await expect(page.locator("#sum")).to_have_text("42")
    await expect(page.locator("#totals .bar-count")).to_have_text(["30 taps", "12 taps"])
    await expect(page.locator(".past-poll h3")).to_have_text("Which side?")
    await expect(page.locator(".past-poll .name")).to_have_text(["75% Left", "25% Right"])

    # Minutes later, of which one was loud.
    quiet = {second: {"🔥": 10 + second % 3} for second in range(1, 300)}
    write(client, stream, begin_ms, quiet | {second: {"👏": 400} for second in range(100, 110)})
    await page.reload()
    await expect(page.locator("#moments tr")).to_have_count(1)
    await expect(page.locator("#moments .moment-leader")).to_have_text("👏")
    assert (await api.call("POST", f"/v1/streams/{stream}/end")).status == 200
    await page.reload()
    await expect(page.locator("#state")).to_have_text("Ended")
    client.close()


async def test_only_a_key_that_may_read_sees_it(page: Page, api: Api) -> None:
    stream = await api.stream()
    address = f"{api.url}/studio/{stream}/history"
    await page.goto(f"{address}#key={await key(api, 'polls')}")
    await expect(page.locator("#refusal-title")).to_have_text("This key may not read")
    for other in ("nonsense", await api.token(stream)):
        await page.goto(f"{address}#key={other}")
        await expect(page.locator("#refusal-title")).to_have_text("This key does not open the history")
    await page.goto(f"{api.url}/studio/none/history#key={await key(api, 'read')}")
    await expect(page.locator("#refusal-title")).to_have_text("There is no such stream")
