"""Polls from the first word to the recount."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from contracts.limits import MAX_POLL_MS
from gateway import problems
from tests.browser.studio.conftest import Look
from tests.browser.studio.stand_in import STREAM, Studio, now_ms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MANY = [f"Player {number}" for number in range(1, 51)]


async def prepare(page: Page, question: str, *options: str) -> None:
    await page.get_by_role("button", name="Prepare a poll").click()
    await page.keyboard.type(question)
    for option in options:
        await page.keyboard.press("Enter")
        await page.keyboard.type(option)


def card(page: Page, question: str) -> Locator:
    return page.locator(".studio-poll").filter(has_text=question)


async def test_a_poll_is_written_by_keyboard_and_opened(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Who scores?", "Ada", "Bela", "Chidi")
    await page.get_by_role("button", name="Open now").click()
    poll = card(page, "Who scores?")
    await expect(poll.locator(".chip")).to_have_text("Open")
    await expect(poll.locator("h3")).to_be_focused()
    await expect(poll.locator(".option-text")).to_have_text(["Ada", "Bela", "Chidi"])
    await expect(page.locator("#poll-form")).to_be_hidden()
    [body] = studio.done("POST", "/polls")
    assert body == {
        "poll_id": body["poll_id"], "question": "Who scores?", "options": ["Ada", "Bela", "Chidi"], "correct": [],
        "max_choices": 1, "results": "always", "allow_change": False, "allow_withdraw": False, "opens_at": None,
        "closes_at": None, "closes_in_s": None, "open": True,
    }  # fmt: skip


async def test_every_rule_can_be_set(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Which lakes?", "Constance", "Edersee", "Garda")
    await page.get_by_label("Choices of a voter").fill("2")
    await page.get_by_label("Viewers see the result").select_option("once they have voted")
    await expect(page.get_by_label("A vote may be taken back")).to_be_disabled()
    await page.get_by_label("A vote may be changed").check()
    await page.get_by_label("A vote may be taken back").check()
    await page.get_by_label("A quiz, with right answers").check()
    for number in (1, 3):
        await page.get_by_label(f"Option {number} is right").check()
    await page.get_by_label("Opens", exact=True).select_option("at a time")
    await page.get_by_label("Opens at").fill("2026-12-24T20:15")
    await page.get_by_label("Closes", exact=True).select_option("after a while")
    await page.get_by_label("How long it is open").fill("90")
    await page.get_by_label("Unit of time").select_option("seconds")
    opens_at = await page.evaluate("new Date('2026-12-24T20:15').getTime()")
    if opens_at < now_ms() or opens_at > now_ms() + MAX_POLL_MS:
        opens_at = now_ms() // 60_000 * 60_000 + 3_600_000
        local = "(ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16)"
        await page.get_by_label("Opens at").fill(await page.evaluate(local, opens_at))
    await expect(page.get_by_role("button", name="Open now")).to_be_hidden()
    await page.get_by_role("button", name="Schedule").click()
    poll = card(page, "Which lakes?")
    await expect(poll.locator(".chip")).to_have_text("Scheduled")
    await expect(poll.locator(".countdown")).to_contain_text("Opens in")
    await expect(poll.locator(".rules-line")).to_have_text(
        "Up to 2 choices · result seen once one has voted · votes may be changed and taken back · a quiz"
    )
    [body] = studio.done("POST", "/polls")
    wanted: dict[str, Any] = {
        "correct": ["1", "3"], "max_choices": 2, "results": "after_vote", "allow_change": True, "allow_withdraw": True,
        "opens_at": opens_at, "closes_at": None, "closes_in_s": 90, "open": False,
    }  # fmt: skip
    assert body | wanted == body


@pytest.mark.parametrize(
    ("question", "options", "words"),
    [
        ("", ("Ada", "Bela"), "Write a question."),
        ("Who?", ("Ada",), "Write at least two options."),
    ],
)
async def test_half_a_poll_is_not_sent(
    look: Look, studio: Studio, question: str, options: tuple[str, ...], words: str
) -> None:
    page = await look()
    await prepare(page, question, *options)
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_have_text(words)
    assert studio.done("POST", "/polls") == []


async def test_what_a_gateway_refuses_is_said_at_the_form(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Who?", "Ada", "Bela")
    await page.get_by_label("Closes", exact=True).select_option("at a time")
    await page.get_by_label("Closes at").fill("2020-01-01T00:00")
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_have_text("Invalid schedule. The time is over.")
    await expect(page.locator("#question")).to_have_value("Who?")
    assert studio.polls == {}


async def test_a_half_written_poll_outlives_a_reload(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Who was the best today?", "Ada", "Bela")
    await page.get_by_label("A quiz, with right answers").check()
    await page.get_by_label("Option 2 is right").check()
    await page.reload()
    await expect(page.locator("#question")).to_have_value("Who was the best today?")
    await expect(page.get_by_label("Option 2", exact=True)).to_have_value("Bela")
    await expect(page.get_by_label("Option 2 is right")).to_be_checked()
    await page.get_by_role("button", name="Keep for later").click()
    await expect(card(page, "Who was the best").locator(".chip")).to_have_text("Prepared")
    await page.reload()
    await expect(card(page, "Who was the best")).to_be_visible()
    await expect(page.locator("#poll-form")).to_be_hidden()
    assert [body["correct"] for body in studio.done("POST", "/polls")] == [["2"]]


async def test_an_answer_that_was_lost_makes_no_second_poll(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Once?", "Yes", "No")
    studio.is_mute = True
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_contain_text("The gateway does not answer.")
    studio.is_mute = False
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-form")).to_be_hidden()
    await expect(card(page, "Once?")).to_have_count(1)
    first, second = studio.done("POST", "/polls")
    assert first["poll_id"] == second["poll_id"]
    assert len(studio.polls) == 1


@pytest.mark.parametrize("is_reloaded", [False, True])
async def test_what_was_written_anew_after_a_lost_answer_is_not_thrown_away(
    look: Look, studio: Studio, is_reloaded: bool
) -> None:
    page = await look()
    await prepare(page, "Who scores?", "Ada", "Bela")
    studio.is_mute = True
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_contain_text("The gateway does not answer.")
    studio.is_mute = False
    if is_reloaded:
        await page.reload()
    await page.locator("#question").fill("Who wins?")
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_have_text(
        "The poll is made already, as it was first written. Change it in the list, or press again to make another one."
    )
    await expect(page.locator("#question")).to_have_value("Who wins?")
    assert [poll.question for poll in studio.polls.values()] == ["Who scores?"]
    await page.get_by_role("button", name="Open now").click()
    await expect(card(page, "Who wins?").locator(".chip")).to_have_text("Open")
    await expect(page.locator("#poll-form")).to_be_hidden()
    assert [poll.question for poll in studio.polls.values()] == ["Who scores?", "Who wins?"]


async def test_a_poll_that_was_to_be_kept_is_not_taken_for_an_open_one(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Once?", "Yes", "No")
    studio.is_mute = True
    await page.get_by_role("button", name="Keep for later").click()
    await expect(page.locator("#poll-note")).to_contain_text("The gateway does not answer.")
    studio.is_mute = False
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_contain_text("The poll is made already, as it was first written.")
    await expect(card(page, "Once?").locator(".chip")).to_have_text("Prepared")


async def test_what_was_refused_was_not_written_first(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Who?", "Ada", "Bela")
    studio.problems["/polls"] = problems.MISSING_SCOPE
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_contain_text("Missing scope.")
    studio.problems.clear()
    await page.locator("#question").fill("Who scores?")
    studio.is_mute = True
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-note")).to_contain_text("The gateway does not answer.")
    studio.is_mute = False
    await page.get_by_role("button", name="Open now").click()
    await expect(page.locator("#poll-form")).to_be_hidden()
    assert [poll.question for poll in studio.polls.values()] == ["Who scores?"]


async def test_a_poll_goes_its_whole_way(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who")
    page = await look()
    poll = card(page, "Who?")
    for button, chip in (("Open now", "Open"), ("Pause", "Paused"), ("Go on", "Open")):
        await poll.get_by_role("button", name=button).click()
        await expect(poll.locator(".chip")).to_have_text(chip)
    studio.count("who", [300, 100], duplicate=9)
    await expect(poll.locator(".voters")).to_have_text("400 voters")
    await expect(poll.locator(".votes").first).to_have_text("300 votes, 75%")
    await expect(poll.locator(".not-counted")).to_have_text("Not counted: 9 duplicate")
    await poll.get_by_role("button", name="Close").click()
    await expect(poll.locator(".chip")).to_have_text("Closed")
    await expect(poll.locator(".recount")).to_contain_text("Every ballot is being counted again")
    studio.finish("who")
    await expect(poll.locator(".chip")).to_have_text("Final result")
    await expect(poll.locator(".recount")).to_have_text(
        "Final: the recount of 400 ballots from the history gave the same numbers as the live count."
    )
    await expect(poll.locator("code")).to_have_text("5f" * 32)
    await expect(page.locator("#news")).to_have_text("The result is final: Who?")
    async with page.expect_download() as downloading:
        await poll.get_by_role("button", name="Download the ballots").click()
    assert (await downloading.value).suggested_filename == f"{STREAM}.who.ballots.ndjson"


async def test_focus_stays_with_a_poll_whose_button_is_gone(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who")
    page = await look()
    await page.get_by_role("button", name="Open now").focus()
    await page.keyboard.press("Enter")
    poll = card(page, "Who?")
    await expect(poll.locator(".chip")).to_have_text("Open")
    await expect(poll.locator("h3")).to_be_focused()


async def test_a_mismatch_is_said_loudly_with_both_accounts(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    studio.count("who", [10, 5])
    studio.close("who")
    page = await look()
    poll = card(page, "Who?")
    await expect(poll.locator(".recount")).to_be_visible()
    studio.differ("who", {"1": 10, "2": 5}, {"1": 10, "2": 4})
    await expect(poll.get_by_role("alert").first).to_contain_text("The recount differs from the live result")
    await expect(poll.locator("tbody tr")).to_have_text(["Bela54", "All voters1514", "All received1514"])
    await expect(poll.locator(".recount")).to_be_hidden()
    studio.recounts = []
    studio.finish("who")
    await expect(poll.locator(".different")).to_be_hidden()


async def test_a_poll_is_edited_until_somebody_has_voted(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    poll = page.locator(".studio-poll")
    await poll.get_by_role("button", name="Edit").click()
    await expect(page.locator("#question")).to_have_value("Who?")
    await page.locator("#question").fill("Who scores?")
    await page.get_by_role("button", name="Save the changes").click()
    await expect(poll.locator("h3")).to_have_text("Who scores?")
    assert studio.done("PATCH", "/who") == [{"question": "Who scores?"}]

    studio.count("who", [1, 0])
    await expect(poll.locator(".voters")).to_have_text("1 voter")
    await poll.get_by_role("button", name="Edit").click()
    await expect(page.locator("#question")).to_be_disabled()
    await expect(page.locator("#locked-note")).to_be_visible()
    await page.get_by_label("Closes", exact=True).select_option("after a while")
    await page.get_by_role("button", name="Save the changes").click()
    await expect(poll.locator(".countdown")).to_contain_text("Closes in")
    assert studio.done("PATCH", "/who")[1] == {"closes_in_s": 120}


async def test_two_who_change_the_same_poll_do_not_overwrite_each_other(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    await card(page, "Who?").get_by_role("button", name="Edit").click()
    studio.close("who")
    await page.locator("#question").fill("Mine")
    await page.get_by_role("button", name="Save the changes").click()
    await expect(page.locator("#poll-note")).to_have_text(
        "Somebody else has changed this poll. It is shown as it is now."
    )


async def test_only_who_is_sure_cancels_a_poll(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    poll = card(page, "Who?")
    await poll.get_by_role("button", name="Cancel the poll").click()
    await page.get_by_role("button", name="Keep it").click()
    await poll.get_by_role("button", name="Cancel the poll").click()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel the poll").click()
    await expect(poll.locator(".chip")).to_have_text("Cancelled")
    await expect(poll.get_by_role("button")).to_have_count(0)


async def test_a_step_that_is_refused_is_told_beside_its_button(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    poll = card(page, "Who?")
    for problem, words in (
        (problems.KAFKA_UNREACHABLE, "The gateway could not make sure of it."),
        (problems.MISSING_SCOPE, "Missing scope. The API key is good, but not for this"),
    ):
        studio.problems["/pause"] = problem
        await poll.get_by_role("button", name="Pause").click()
        await expect(poll.get_by_role("alert").last).to_contain_text(words)
    await expect(poll.get_by_role("button", name="Pause")).to_be_focused()


async def test_fifty_options_are_pasted_as_a_list(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Player of the match?")
    await page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text", text);
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector(".option-input").dispatchEvent(event);
        }""",
        "\n".join([*MANY, "One too many"]),
    )
    await expect(page.locator("#option-count")).to_have_text("50 of at most 50")
    await expect(page.get_by_role("button", name="Add an option")).to_be_hidden()
    await page.get_by_role("button", name="Open now").click()
    poll = card(page, "Player of the match?")
    await expect(poll.locator(".option-text")).to_have_text(MANY)
    [body] = studio.done("POST", "/polls")
    assert body["options"] == MANY
    # They are scrolled in a box that the keyboard reaches.
    options = poll.locator(".options")
    await expect(options).to_have_attribute("tabindex", "0")
    assert await options.evaluate("(box) => box.scrollHeight > box.clientHeight && box.clientHeight < 400")


async def test_options_are_removed_and_numbered_anew(look: Look, studio: Studio) -> None:
    page = await look()
    await prepare(page, "Who?", "Ada", "Bela", "Chidi")
    await page.get_by_role("button", name="Remove option 2").click()
    await expect(page.get_by_label("Option 2", exact=True)).to_have_value("Chidi")
    await expect(page.get_by_label("Option 2", exact=True)).to_be_focused()
    await expect(page.get_by_role("button", name="Remove option 1")).to_be_disabled()


async def test_news_are_not_said_of_what_was_so_before(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    await expect(card(page, "Who?").locator(".chip")).to_have_text("Open")
    await expect(page.locator("#news")).to_have_text("")
