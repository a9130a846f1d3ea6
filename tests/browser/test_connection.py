"""The page keeps its connection, and says in words how that stands."""

import time

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.answers import refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import VIEWER, StandIn, serving, token

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STARTING = (4503, "starting")


async def test_the_token_leaves_the_address_and_survives_a_reload(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    assert stand_in.offered == ["ovation.v1", f"bearer.{VIEWER}"]
    assert page.url == f"{stand_in.url}/watch/{messages.STREAM}"
    await page.reload()
    await expect(page.locator("#connection")).to_have_text("Live")
    assert stand_in.offered == ["ovation.v1", f"bearer.{VIEWER}"]


@pytest.mark.parametrize("fragment", ["", "#token=", "#token=cut off"])
async def test_without_a_token(page: Page, stand_in: StandIn, complaints: list[str], fragment: str) -> None:
    await page.goto(f"{stand_in.url}/watch/{messages.STREAM}{fragment}")
    await expect(page.get_by_role("alert")).to_contain_text("This link has no token: ask for a new one")
    await expect(page.get_by_text("No poll yet")).to_be_hidden()
    assert stand_in.connections == 0
    assert complaints == []


async def test_a_page_whose_region_is_lost_goes_on_in_another(
    page: Page, stand_in: StandIn, complaints: list[str]
) -> None:
    async with serving() as elsewhere:
        elsewhere.snapshot = messages.snapshot({"🔥": 9}, [])
        stand_in.snapshot = messages.snapshot({"🔥": 7}, [])
        stand_in.other_gateways = (elsewhere.url,)
        elsewhere.other_gateways = (stand_in.url,)
        await page.goto(stand_in.link())
        await expect(page.locator("#connection")).to_have_text("Live")
        stand_in.closing = (4503, "starting")
        stand_in.drop()
        await elsewhere.until(lambda: elsewhere.connections == 1)
        await expect(page.locator("#connection")).to_have_text("Live")
        assert elsewhere.sessions == stand_in.sessions[:1]
        # And back, when that one is lost.
        stand_in.closing, elsewhere.closing = None, (4503, "starting")
        elsewhere.drop()
        await stand_in.until(lambda: stand_in.connections == 2)
        await expect(page.locator("#connection")).to_have_text("Live")
    assert not [complaint for complaint in complaints if "Content Security Policy" in complaint]


FINAL = [
    (4400, "bad-frames", "The gateway does not understand this page It may be older than the gateway: load it again."),
    (4401, "expired-token", "This link has expired Ask for a new one where you got it."),
    (4401, "", "This link is not a good one Ask for a new one where you got it."),
    (4403, "foreign-token", "This link is for another stream Ask for a new one where you got it."),
    (4404, "unknown-stream", "There is no such stream Perhaps the link was cut off on its way to you."),
]


@pytest.mark.parametrize(("code", "reason", "words"), FINAL)
async def test_a_final_refusal_is_told_in_words(
    page: Page, stand_in: StandIn, code: int, reason: str, words: str
) -> None:
    stand_in.closing = (code, reason)
    await page.goto(stand_in.link())
    await expect(page.get_by_role("alert")).to_have_text(words)
    await expect(page.locator("#connection")).to_have_text("Not connected")
    await expect(page.get_by_text("No poll yet")).to_be_hidden()


async def test_a_token_that_expires_meanwhile_is_told(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 7}, [messages.poll()])
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    await stand_in.close(4401, "expired-token")
    await expect(page.get_by_role("alert")).to_contain_text("This link has expired")
    # What was seen stays, and takes nothing more.
    await expect(page.get_by_role("button", name="🔥 7 taps")).to_have_attribute("aria-disabled", "true")
    await expect(page.get_by_role("radio")).to_have_count(0)
    assert stand_in.connections == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1001, "stopping"),
        (1013, "slow-socket"),
        (4409, "resumed-elsewhere"),
        (1009, "too-large"),
        (4429, "too-many-frames"),
    ],
)
async def test_comes_back_after_other_codes(watch: Watch, stand_in: StandIn, code: int, reason: str) -> None:
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    await stand_in.close(code, reason)
    await stand_in.until(lambda: stand_in.connections == 2)
    await expect(page.locator("#connection")).to_have_text("Live")
    first, second = stand_in.sessions
    # A session that goes on elsewhere is left to whoever has it.
    assert (first != second) == (code == 4409)


async def test_waits_for_a_gateway_that_is_starting(page: Page, stand_in: StandIn) -> None:
    stand_in.closing = STARTING
    await page.goto(stand_in.link())
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    stand_in.closing = None
    await expect(page.locator("#connection")).to_have_text("Live")


async def test_a_wrong_clock_does_not_make_a_link_expire(page: Page, stand_in: StandIn) -> None:
    await page.clock.install(time="2050-01-01T00:00:00Z")
    stand_in.closing = STARTING
    await page.goto(stand_in.link(token(role="viewer", exp=int(time.time()) + 3600)))
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    stand_in.closing = None
    await expect(page.locator("#connection")).to_have_text("Live")


async def test_comes_back_with_the_newest_picture(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 500})
    page = await watch()
    await expect(page.get_by_role("button", name="🔥 500 taps")).to_be_visible()
    stand_in.snapshot = messages.snapshot({"🔥": 400, "👏": 9})
    stand_in.drop()
    await expect(page.get_by_role("button", name="👏 9 taps")).to_be_visible()
    await expect(page.get_by_role("button", name="🔥 500 taps")).to_be_visible()
    await expect(page.locator("#connection")).to_have_text("Live")
    assert stand_in.connections == 2


async def test_a_vote_that_may_have_arrived_is_not_called_lost(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    stand_in.answer = lambda _: None
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await stand_in.until(stand_in.votes)
    stand_in.answer = refuse("closed-poll")
    stand_in.drop()
    await expect(page.get_by_text("Your vote could not be confirmed. The poll is closed.")).to_be_visible()


async def test_a_vote_without_a_connection_waits(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    stand_in.closing = STARTING
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your vote waits for the connection.")).to_be_visible()
    stand_in.closing = None
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert len(stand_in.votes()) == 1


@pytest.mark.parametrize(("target", "event"), [("window", "online"), ("document", "visibilitychange")])
async def test_tries_at_once_when_there_is_reason_to(page: Page, stand_in: StandIn, target: str, event: str) -> None:
    # No wait of the page ever ends, so only the event can bring the connection back.
    await page.add_init_script("window.setTimeout = () => 0")
    await page.goto(stand_in.link())
    await expect(page.locator("#connection")).to_have_text("Live")
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    assert stand_in.connections == 1
    await page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    await expect(page.locator("#connection")).to_have_text("Live")
    assert stand_in.connections == 2
