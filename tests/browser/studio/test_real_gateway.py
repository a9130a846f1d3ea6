"""The studio on a real gateway: what it opens is open for viewers, and what they do is seen."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from redis.asyncio import Redis

from contracts import redis_keys
from tests.gateway.api import Api
from tests.gateway.conftest import bootstrap, broker, folder, redis_server, redis_url, stack
from tests.gateway.processes import API_KEY, Process, gateway

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

__all__ = ["bootstrap", "broker", "folder", "redis_server", "redis_url", "stack"]


@pytest.fixture(scope="module")
def served(bootstrap: str, redis_url: str, folder: Path) -> Iterator[tuple[Process, str]]:
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    yield process, url
    assert process.stop() == 0


@pytest_asyncio.fixture(loop_scope="session")
async def api(served: tuple[Process, str]) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, served[1])


async def test_from_no_stream_to_votes_that_are_seen(
    page: Page, api: Api, served: tuple[Process, str], redis_url: str
) -> None:
    stream = f"evening-{time.time_ns()}"
    await page.goto(f"{api.url}/studio/{stream}#key={API_KEY}")
    await page.get_by_label("Title").fill("A real one")
    await page.get_by_role("button", name="Open the stream").click()
    await expect(page.locator("#state")).to_have_text("Live")
    await page.get_by_role("button", name="Prepare a poll").click()
    await page.get_by_label("Question", exact=True).fill("Which side?")
    for number, text in enumerate(("Left", "Right"), 1):
        await page.get_by_label(f"Option {number}", exact=True).fill(text)
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator(".chip")).to_have_text("Open")

    # Who opens the viewers' link is let in by it, taps and votes; the test plays the jobs.
    link = await page.get_by_label("Viewers' link").input_value()
    viewer = await page.context.new_page()
    await viewer.goto(link)
    await expect(viewer.get_by_role("radio", name="Right")).to_be_enabled()
    await expect(page.locator("#watching")).to_have_text("1")
    await viewer.close()
    invite = link.partition("#invite=")[2]
    guest = await api.call("POST", f"/v1/streams/{stream}/viewers", token=invite)
    polls = (await api.call("GET", f"/v1/streams/{stream}/polls")).body["polls"]
    poll = polls[0]["poll_id"]
    assert (await api.vote(stream, poll, guest.body["token"], ["2"])).status == 202
    tapped = await api.react(stream, guest.body["token"], {"🔥": 5})
    redis = Redis.from_url(redis_url)
    window = {"start": tapped.body["window"], "counts": {"🔥": 5}}
    totals = {"type": "reactions", "stream_id": stream, "as_of": 1, "totals": {"🔥": 5}, "window": window}
    options = [{"id": "1", "votes": 0}, {"id": "2", "votes": 1}]
    tally = {"type": "poll", "stream_id": stream, "poll_id": poll, "options": options, "version": 1, "as_of": 1}
    for message in (totals, {**tally, "voters": 1, "received": 1}):
        await redis.publish(redis_keys.live(stream), json.dumps(message))
    await redis.aclose()
    await expect(page.locator(".voters")).to_have_text("1 voter")
    await expect(page.locator("#lag-about")).to_contain_text("99 of 100 within")
    assert (await api.vote(stream, poll, guest.body["token"], ["7"])).problem == "unknown-option"
    await expect(page.locator("#refused li")).to_have_text(["1 votes for an option that is not there"])
    await page.get_by_role("button", name="QR code").click()
    await expect(page.get_by_role("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(page.locator(".chip")).to_have_text("Closed")
    await expect(page.locator(".recount")).to_contain_text("counted again")

    # Killed, and started again at the same address.
    process, _ = served
    await asyncio.to_thread(process.stop, signal.SIGKILL)
    await expect(page.locator("#state")).to_have_text("Not up to date")
    await asyncio.to_thread(process.start)
    await expect(page.locator("#state")).to_have_text("Live")
    await page.get_by_role("button", name="End the stream").click()
    await page.get_by_role("dialog").get_by_role("button", name="End the stream").click()
    await expect(page.locator("#state")).to_have_text("Ended")
    assert (await api.react(stream, guest.body["token"], {"🔥": 1})).problem == "ended-stream"


async def test_a_key_without_all_scopes_does_what_it_may(page: Page, api: Api) -> None:
    stream = await api.stream()
    key = (await api.call("POST", "/v1/keys", {"name": "desk", "scopes": ["read", "tokens"]})).body["key"]
    await page.goto(f"{api.url}/studio/{stream}#key={key}")
    await expect(page.locator("#state")).to_have_text("Live")
    await expect(page.get_by_label("Overlay's link")).not_to_have_value("")
    await page.get_by_role("button", name="Prepare a poll").click()
    await page.get_by_label("Question", exact=True).fill("May I?")
    for number, text in enumerate(("Yes", "No"), 1):
        await page.get_by_label(f"Option {number}", exact=True).fill(text)
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_have_text("Missing scope. The API key lacks the scope polls.")
