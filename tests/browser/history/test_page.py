"""What a broadcaster sees of a past stream."""

import re

import pytest
from playwright.async_api import Page, expect

from gateway.history.span import Span
from tests.browser.history import evening
from tests.browser.history.conftest import Look
from tests.browser.history.stand_in import Past, steps

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BEGIN, END = evening.BEGIN, evening.BEGIN + evening.LASTS_S * 1000


def all_taps(past: Past) -> int:
    return sum(sum(counts.values()) for counts in past.taps.values())


async def test_the_head_tells_the_stream_in_numbers(look: Look, past: Past) -> None:
    page = await look()
    loudest = max(past.taps, key=lambda second: sum(past.taps[second].values()))
    await expect(page.locator("h1")).to_have_text(evening.TITLE)
    await expect(page.locator("#when")).to_contain_text("January 10, 2026")
    await expect(page.locator("#when")).to_contain_text("1 h 35 min")
    await expect(page.locator("#sum")).to_have_text(f"{all_taps(past):,}")
    await expect(page.locator("#peak")).to_have_text(f"1:21:{loudest - 4860:02}")
    await expect(page.locator("#peak-taps")).to_have_text(f"{sum(past.taps[loudest].values())} taps")
    await expect(page.locator("#moment-count")).to_have_text("3")
    await expect(page.locator("#poll-count")).to_have_text("3")
    assert await page.title() == f"{evening.TITLE} · History · Ovation"


async def test_every_emoji_has_its_area_as_high_as_its_taps(look: Look, past: Past) -> None:
    page = await look()
    areas = page.locator("#timeline .area")
    await expect(areas).to_have_count(len(evening.EMOJIS))
    boxes = await areas.evaluate_all("(paths) => paths.map((path) => path.getBBox().height)")
    lowest, top = await areas.first.evaluate(
        """(path) => { const ticks = [...path.closest('svg').querySelectorAll('.tick.value')];
        const y = (text) => Number(text.getAttribute('y')) - 4; return [y(ticks[0]), y(ticks.at(-1))] }"""
    )
    highest = await page.locator("#timeline .tick.value").last.text_content()
    assert highest is not None
    drawn = steps(past.taps, Span("wall", BEGIN, END + 1000, 15))
    loudest = max(step.counts.get("🔥", 0) for step in drawn)
    expected = (lowest - top) * loudest / int(highest.replace(",", ""))
    assert boxes[0] == pytest.approx(expected, abs=0.5), "the first area stands on the ground"
    tops = await areas.evaluate_all("(paths) => paths.map((path) => path.getBBox().y)")
    expected = (lowest - top) * max(step.taps for step in drawn) / int(highest.replace(",", ""))
    assert min(tops) == pytest.approx(lowest - expected, abs=0.5), "and the others on each other"


async def test_taps_by_emoji_are_sorted_and_whole(look: Look, past: Past) -> None:
    page = await look()
    totals = {emoji: sum(counts.get(emoji, 0) for counts in past.taps.values()) for emoji in evening.EMOJIS}
    ranked = sorted(totals, key=lambda emoji: -totals[emoji])
    await expect(page.locator("#totals .bar-name")).to_have_text(ranked)
    await expect(page.locator("#totals .bar-count")).to_have_text([f"{totals[emoji]:,} taps" for emoji in ranked])


async def test_moments_are_listed_and_marked(look: Look, past: Past) -> None:
    page = await look()
    rows = page.locator("#moments tr")
    await expect(rows).to_have_count(3)
    await expect(rows.first.get_by_role("cell")).to_have_text(["1", "21:21:27", "1 min", "5,600", "🔥", "29.4"])
    await expect(rows.first.get_by_role("rowheader")).to_have_text("1:21:20")
    await expect(page.locator("#timeline .flag-number")).to_have_text(["1", "2", "3"])
    await expect(page.locator("#timeline .band")).to_have_count(3)


async def test_polls_have_results_and_a_course(look: Look, past: Past) -> None:
    page = await look()
    goal, quiz, rain = (page.locator(".past-poll").nth(place) for place in range(3))
    await expect(goal.locator("h3")).to_have_text("Who scores the next goal?")
    await expect(goal.locator(".bar-name")).to_have_text(["Bela", "Ada", "Chidi"])
    await expect(goal.locator(".bar-share")).to_have_text(["45%", "39%", "17%"])
    await expect(goal.locator(".poll-state")).to_have_text(
        "Final resultOpened at 0:20:00, for 5 min3,685 votersNot counted: 9 duplicate, 4 late"
    )
    await expect(goal.locator(".name")).to_have_text(["45% Bela", "39% Ada", "17% Chidi"])
    # With several choices the bars are shares of voters, so lines of shares would contradict them.
    await expect(quiz.locator(".unit")).to_have_text("Votes so far")
    await expect(quiz.locator(".mark-right:visible")).to_have_count(2)
    await expect(quiz.locator(".bar-share").first).to_have_text("79%")
    await expect(rain.locator(".explanation")).to_have_text("This poll was cancelled. No vote in it counts.")
    await expect(rain.locator(".bar-row")).to_have_count(0)


async def test_an_option_keeps_what_it_had(page: Page, past: Past) -> None:
    """In a step without votes for it, an option is not in the answer."""
    await page.goto(past.link(""))
    steps_of_two = [
        {"start": 0, "votes": {"1": 2, "2": 1}, "so_far": {"1": 2, "2": 1}},
        {"start": 5_000, "votes": {"1": 1}, "so_far": {"1": 3}},
    ]
    found = await page.evaluate(
        "(timeline) => import('/assets/history/course.js').then((course) => course.points({ timeline }))",
        {"step_s": 5, "steps": steps_of_two},
    )
    assert [(point["to"], point["votes"], point["sum"], point["so_far"]) for point in found] == [
        (5_000, 3, 3, {"1": 2, "2": 1}),
        (10_000, 1, 4, {"1": 3, "2": 1}),
    ]


async def test_every_plot_has_its_table(look: Look, past: Past) -> None:
    page = await look()
    await page.get_by_text("The timeline as a table").click()
    table = page.get_by_role("table", name="Taps over the stream")
    drawn = steps(past.taps, Span("wall", BEGIN, END + 1000, 15))
    await expect(table.locator("tbody tr")).to_have_count(len(drawn))
    await expect(table.locator("thead th")).to_have_text(["In the video", "Clock", "Taps", *evening.EMOJIS])
    await expect(table.locator("tbody tr").nth(100).locator("td").nth(1)).to_have_text(f"{drawn[100].taps:,}")
    await page.get_by_text("The course as a table").first.click()
    course = page.get_by_role("table", name="Course of the votes: Who scores the next goal?")
    await expect(course.locator("tbody tr").last.locator("td")).to_have_text(
        [re.compile(r"\d\d:\d\d:\d\d"), re.compile(r"\d+"), "39% (1,420)", "45% (1,655)", "17% (610)"]
    )


async def test_a_live_stream_is_asked_about_again(page: Page, past: Past) -> None:
    past.stream = evening.stream(status="live", ended_at=None)
    past.polls = [evening.poll("now", "Now?", {"Yes": 3, "No": 1}, opened_s=60, status="open")]
    await page.clock.install()
    await page.goto(past.link())
    await expect(page.locator("#state")).to_have_text("Live")
    before = all_taps(past)
    past.taps[evening.LASTS_S - 1] = {"🔥": 5_000}
    past.polls = [evening.poll("now", "Now?", {"Yes": 3, "No": 6}, opened_s=60, status="open")]
    await page.clock.run_for(11_000)
    await expect(page.locator("#sum")).not_to_have_text(f"{before:,}")
    await expect(page.locator(".bar-name").filter(has_text="No").locator("visible=true")).to_have_count(1)
    await expect(page.locator(".past-poll .voters")).to_have_text("9 voters")


async def test_what_is_over_is_not_asked_about_again(page: Page, past: Past) -> None:
    await page.clock.install()
    await page.goto(past.link())
    await expect(page.locator("#state")).to_have_text("Ended")
    asked = len(past.asked)
    await page.clock.run_for(60_000)
    assert len(past.asked) == asked


async def test_the_browser_has_nothing_to_complain_about(look: Look, complaints: list[str]) -> None:
    page = await look()
    await page.locator("#timeline").hover(position={"x": 400, "y": 150})
    await expect(page.locator("#timeline .tip")).to_be_visible()
    assert complaints == []
