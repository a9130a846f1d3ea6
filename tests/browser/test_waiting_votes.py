"""A vote that finds no answer waits, and is sent again as the same vote: to any gateway, and after a reload."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.answers import acknowledge, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import VIEWER, StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AWAY = (4503, "starting")
RAIN = messages.poll(poll_id="rain", question="Will it rain?", options=("Yes", "No"), votes=(0, 0))


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def silent(stand_in: StandIn) -> AsyncIterator[None]:
    """A gateway with one poll, that answers nothing."""
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    stand_in.answer = lambda _: None
    yield


async def vote(page: Page, option: str) -> None:
    card = page.get_by_role("group").filter(has=page.get_by_role("radio", name=option))
    await card.get_by_role("radio", name=option).check()
    await card.get_by_role("button", name="Vote", exact=True).click()


async def test_is_sent_again_to_the_same_gateway(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await vote(page, "Chidi")
    await expect(page.get_by_text("Sending your vote…")).to_be_visible()
    await stand_in.until(stand_in.votes)
    stand_in.answer = acknowledge
    stand_in.drop()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    first, again = stand_in.votes()
    assert again == {**first, "sent_to": ["edge-1"]}
    assert len(set(stand_in.sessions)) == 1


async def test_goes_on_after_a_reload_at_another_gateway(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await vote(page, "Chidi")
    await stand_in.until(stand_in.votes)
    # The gateway dies, and then the page is loaded again; what answers is another one.
    stand_in.closing = AWAY
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    await page.reload()
    stand_in.edge, stand_in.answer, stand_in.closing = "edge-2", acknowledge, None
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    first, again = stand_in.votes()
    assert again == {**first, "sent_to": ["edge-1"]}
    assert len(set(stand_in.sessions)) == 1


async def test_says_every_gateway_that_had_it(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await vote(page, "Ada")
    for number in (2, 3):
        await stand_in.until(lambda: len(stand_in.votes()) == number - 1)  # noqa: B023 - it is awaited here
        stand_in.edge = f"edge-{number}"
        stand_in.drop()
    stand_in.answer = acknowledge
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert [frame.get("sent_to") for frame in stand_in.votes()] == [None, ["edge-1"], ["edge-1", "edge-2"]]
    assert len({frame["id"] for frame in stand_in.votes()}) == 1


async def test_is_cast_anew_where_the_gateway_had_no_name(watch: Watch, stand_in: StandIn) -> None:
    stand_in.edge = None
    page = await watch()
    await vote(page, "Ada")
    await stand_in.until(stand_in.votes)
    stand_in.answer = acknowledge
    stand_in.drop()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    first, anew = stand_in.votes()
    assert "sent_to" not in anew
    assert anew["id"] > first["id"]


async def test_is_cast_anew_where_the_session_was_lost(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await vote(page, "Ada")
    await stand_in.until(stand_in.votes)
    stand_in.answer = acknowledge
    await stand_in.close(4409, "resumed-elsewhere")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    first, anew = stand_in.votes()
    assert "sent_to" not in anew
    assert anew["id"] > first["id"]
    assert len(set(stand_in.sessions)) == 2


async def test_keeps_its_order_and_ids_go_on(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[RAIN, messages.poll()])
    page = await watch()
    stand_in.closing = AWAY
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    for question, option in ((messages.QUESTION, "Ada"), ("Will it rain?", "No")):
        card = page.get_by_role("group", name=question)
        await card.get_by_role("radio", name=option).check()
        await card.get_by_role("button", name="Vote", exact=True).click()
        await expect(card.get_by_text("Your vote waits for the connection.")).to_be_visible()
    stand_in.closing, stand_in.answer = None, acknowledge
    await expect(page.get_by_text("Your vote is in.")).to_have_count(2)
    assert [frame["poll_id"] for frame in stand_in.votes()] == ["goal", "rain"]
    await page.reload()
    await page.get_by_role("button", name="🔥").click()
    await stand_in.until(stand_in.taps)
    ids = [frame["id"] for frame in stand_in.frames]
    assert ids == sorted(set(ids))


async def test_a_vote_that_was_refused_for_now_does_not_overtake_older_ones_after_a_reload(
    watch: Watch, stand_in: StandIn
) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(), RAIN])
    page = await watch()
    stand_in.answer = refuse("kafka-unreachable", retry_after_s=600)
    await vote(page, "Ada")
    await expect(page.get_by_text("Your vote is sent again by itself.")).to_be_visible()
    stand_in.answer = lambda _: None
    await vote(page, "No")
    await stand_in.until(lambda: len(stand_in.votes()) == 2)
    stand_in.answer = acknowledge
    await page.reload()
    await expect(page.get_by_text("Your vote is in.")).to_have_count(2)
    goal, rain, again, anew = stand_in.votes()
    assert again == {**rain, "sent_to": ["edge-1"]}
    assert anew == {**goal, "id": rain["id"] + 1}


async def test_a_vote_that_is_cast_anew_does_not_overtake_those_that_wait(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(), RAIN])
    stand_in.edge = None
    page = await watch()
    await vote(page, "Ada")
    await stand_in.until(stand_in.votes)
    stand_in.closing = AWAY
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    await vote(page, "No")
    stand_in.closing, stand_in.answer = None, acknowledge
    await expect(page.get_by_text("Your vote is in.")).to_have_count(2)
    assert [frame["poll_id"] for frame in stand_in.votes()] == ["goal", "rain", "goal"]


async def test_a_vote_that_a_listener_casts_does_not_overtake_the_one_it_heard_of(
    watch: Watch, stand_in: StandIn
) -> None:
    stand_in.answer = acknowledge
    page = await watch()
    told = await page.evaluate(
        """async ([stream, token]) => {
          const { connect } = await import("/assets/client/ovation.js");
          const live = connect({ stream, token, storage: null });
          await new Promise((resolve) => live.on("picture", resolve));
          live.vote("goal", ["1"]);
          return new Promise((resolve) => live.on("vote", () => {
            if (live.votes.get("rain") === undefined) live.vote("rain", ["1"]);
            else if (live.votes.pending === 0) resolve(["goal", "rain"].map((id) => live.votes.get(id).state));
          }));
        }""",
        [messages.STREAM, VIEWER],
    )
    assert told == ["counted", "counted"]
    assert [frame["poll_id"] for frame in stand_in.votes()] == ["goal", "rain"]


async def test_what_was_refused_for_now_is_sent_as_another_frame(watch: Watch, stand_in: StandIn) -> None:
    stand_in.answer = refuse("kafka-unreachable")
    page = await watch()
    await vote(page, "Ada")
    await expect(page.get_by_text("Your vote is sent again by itself.")).to_be_visible()
    stand_in.answer = acknowledge
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert len({frame["id"] for frame in stand_in.votes()}) == len(stand_in.votes())
    assert all("sent_to" not in frame for frame in stand_in.votes())


async def test_a_tab_that_is_duplicated_has_a_session_of_its_own(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await page.reload()
    await expect(page.locator("#connection")).to_have_text("Live")
    async with page.expect_popup() as opening:
        # As duplicating a tab does, this copies the tab's storage.
        await page.evaluate("window.open(location.href)")
    twin = await opening.value
    await expect(twin.locator("#connection")).to_have_text("Live")
    before, reloaded, duplicated = stand_in.sessions
    assert before == reloaded != duplicated


async def test_a_vote_that_proves_a_duplicate_is_refused_after_all(page: Page, watch: Watch, stand_in: StandIn) -> None:
    await page.clock.install()
    stand_in.answer = acknowledge
    stand_in.outcome = {"outcome": "duplicate"}
    await watch()
    await vote(page, "Ada")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await page.clock.fast_forward(10_000)
    await expect(page.locator(".outcome")).to_have_text("Your vote does not count. You had voted before.")
    await expect(page.get_by_role("radio")).to_have_count(0)
    assert len(stand_in.receipts) == 1
    await page.reload()
    await expect(page.locator(".outcome")).to_have_text("Your vote does not count. You had voted before.")


async def test_a_vote_that_had_to_be_cast_anew_may_be_its_own_duplicate(
    page: Page, watch: Watch, stand_in: StandIn
) -> None:
    await page.clock.install()
    stand_in.edge = None
    stand_in.outcome = {"outcome": "duplicate"}
    await watch()
    await page.clock.run_for(500)
    await vote(page, "Ada")
    await stand_in.until(stand_in.votes)
    stand_in.answer = acknowledge
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    await page.clock.run_for(1_000)
    await expect(page.locator("#connection")).to_have_text("Live")
    await page.clock.run_for(500)
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    async with page.expect_request_finished(lambda request: "/receipts/" in request.url):
        await page.clock.fast_forward(10_000)
    await page.clock.run_for(1_000)
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
