"""What the overlay shows of the stream: totals, how many watch, and the life of a poll."""

import time

import pytest
from playwright.async_api import expect

from tests.browser import messages
from tests.browser.overlay.conftest import Overlay
from tests.browser.stand_in import StandIn

SIZES = ((1280, 720), (1920, 1080), (800, 600), (720, 1280))
_OUTSIDE = """([width, height]) => [...document.querySelectorAll("#board *")].filter((part) => {
  const box = part.getBoundingClientRect();
  if (!box.width || part.classList.contains("fill")) return false;
  return box.left < 0 || box.top < 0 || box.right > width + 1 || box.bottom > height + 1;
}).map((part) => part.id || part.className)"""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EMOJIS = "🔥👏😂😮💙🎉😍🤩😎🥳😢😡👍👎🙌💪🚀⭐🌈🍀🎵🏆🥁🎸🍿🧨💯🫶🤯🙏"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


async def test_shows_the_stream_as_it_stands_and_as_it_goes_on(
    overlay: Overlay, stand_in: StandIn, complaints: list[str]
) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 1_234, "👏": 1_250_000}, [messages.poll((5, 3, 2))], watching=12_480)
    page = await overlay()
    await expect(page.locator(".total")).to_have_text(["🔥 1,234", "👏 1.25M"])
    await expect(page.locator("#watching")).to_have_text("12.4K watching")
    await expect(page.locator("#question")).to_have_text(messages.QUESTION)
    await expect(page.locator(".share")).to_have_text(["50%", "30%", "20%"])
    await stand_in.push(
        messages.reactions({"🔥": 1_300, "👏": 1_250_000, "💙": 1}),
        messages.presence(12_501),
        messages.poll((5, 3, 12)),
    )
    await expect(page.locator(".total")).to_have_text(["🔥 1,300", "👏 1.25M", "💙 1"])
    await expect(page.locator("#watching")).to_have_text("12.5K watching")
    await expect(page.locator(".share")).to_have_text(["25%", "15%", "60%"])
    assert complaints == []


@pytest.mark.parametrize("part", ["reactions", "totals", "poll", "watching"])
async def test_shows_only_what_it_is_asked_for(overlay: Overlay, stand_in: StandIn, part: str) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll((3, 2, 1))])
    page = await overlay(f"show={part}")
    for each in ("totals", "poll", "watching"):
        await (
            expect(page.locator(f"#{each}")).to_be_visible()
            if each == part
            else expect(page.locator(f"#{each}")).to_be_hidden()
        )


async def test_bars_move_to_their_share(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({}, [messages.poll((1, 0, 0))])
    page = await overlay()
    await expect(page.locator(".fill").first).to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")
    await stand_in.push(messages.poll((1, 3, 0)))
    # Asked while it is on its way.
    await page.evaluate(
        """() => new Promise((resolve, reject) => {
          const fill = document.querySelector(".fill");
          const look = () => fill.getAnimations().length ? resolve() : requestAnimationFrame(look);
          setTimeout(() => reject(new Error("it does not move")), 5000);
          look();
        })"""
    )


async def test_the_life_of_a_poll(overlay: Overlay, stand_in: StandIn) -> None:
    page = await overlay("result=3")
    poll = page.locator("#poll")
    await stand_in.push(messages.poll((0, 0, 0), status="scheduled", version=0))
    await expect(page.locator("#watching")).to_be_visible()
    await expect(poll).to_be_hidden()
    for status, words in (
        ("open", "Vote now"),
        ("paused", "Voting is paused"),
        ("open", "Vote now"),
        ("closed", "Counting the votes"),
    ):
        await stand_in.push(messages.poll((4, 2, 0), status=status))
        await expect(page.locator("#poll-state")).to_have_text(words)
    await stand_in.push(messages.poll((4, 2, 0), status="final", as_of=int(time.time() * 1000)))
    await expect(page.locator("#poll-state")).to_have_text("Final result")
    await expect(page.locator(".ahead")).to_have_text("Ada 67%")
    # And then the news is over.
    await expect(poll).to_be_hidden()


async def test_a_result_of_before_is_no_news(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({}, [messages.poll((4, 2, 0), status="final")])
    page = await overlay()
    await expect(page.locator("#watching")).to_be_visible()
    await expect(page.locator("#poll")).to_be_hidden()


async def test_a_result_stays_for_ever_if_that_is_asked_for(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({}, [messages.poll((4, 2, 0), status="final")])
    page = await overlay("result=0")
    await expect(page.locator("#poll-state")).to_have_text("Final result")


async def test_a_cancelled_poll_goes(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({}, [messages.poll((4, 2, 0))])
    page = await overlay()
    await expect(page.locator("#poll")).to_be_visible()
    await stand_in.push(messages.poll((4, 2, 0), status="cancelled"))
    await expect(page.locator("#poll")).to_be_hidden()


async def test_a_quiz_tells_its_answer(overlay: Overlay, stand_in: StandIn) -> None:
    now = int(time.time() * 1000)
    page = await overlay()
    await stand_in.push(messages.poll((4, 2, 0), status="final", correct=["2"], as_of=now))
    right = page.locator(".option.right")
    await expect(right).to_have_text("Bela 33%")
    content = "getComputedStyle(document.querySelector('.right .text'), '::before').content"
    assert await page.evaluate(content) == '"✓ "'
    fills = await page.evaluate(
        "[...document.querySelectorAll('.fill')].map((fill) => getComputedStyle(fill).backgroundColor)"
    )
    assert fills[1] not in (fills[0], fills[2])
    assert fills[0] == fills[2]


async def test_hidden_results_show_no_bars(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({}, [messages.hidden("after_close")])
    page = await overlay()
    await expect(page.locator("#poll-note")).to_have_text("The result shows when the poll closes.")
    await expect(page.locator(".text")).to_have_text(list(messages.OPTIONS))
    await expect(page.locator(".bar:visible")).to_have_count(0)
    await expect(page.locator(".share")).to_have_text(["", "", ""])


async def test_of_several_polls_the_one_to_vote_in(overlay: Overlay, stand_in: StandIn) -> None:
    now = int(time.time() * 1000)
    first = messages.poll((1, 1, 1), poll_id="first", question="First?")
    last = messages.poll((1, 1, 1), poll_id="last", question="Last?", status="final", as_of=now)
    stand_in.snapshot = messages.snapshot({}, [first, last])
    page = await overlay()
    await expect(page.locator("#question")).to_have_text("First?")
    await stand_in.push({**first, "status": "cancelled"})
    await expect(page.locator("#question")).to_have_text("Last?")
    await stand_in.push(messages.poll(poll_id="newest", question="Newest?"))
    await expect(page.locator("#question")).to_have_text("Newest?")


async def test_one_poll_by_its_id(overlay: Overlay, stand_in: StandIn) -> None:
    polls = [messages.poll(poll_id=name, question=f"{name}?") for name in ("one", "two", "three")]
    stand_in.snapshot = messages.snapshot({}, polls)
    page = await overlay("poll=two")
    await expect(page.locator("#question")).to_have_text("two?")


async def test_the_leading_ones_of_fifty_options_and_thirty_emojis(overlay: Overlay, stand_in: StandIn) -> None:
    options = [f"Option {number} {LONG_WORD if number % 7 == 3 else ''}".strip() for number in range(50)]
    poll = messages.poll(range(50), question=LONG_WORD * 5, options=options)
    totals = {emoji: 10 + index for index, emoji in enumerate(EMOJIS)}
    stand_in.snapshot = messages.snapshot(totals, [poll], emojis=EMOJIS)
    page = await overlay("options=4&emojis=3")
    await expect(page.locator(".text")).to_have_text(options[-4:])
    await expect(page.locator("#poll-note")).to_have_text("and 46 more options")
    await expect(page.locator(".sign")).to_have_text(list(EMOJIS[-3:]))
    # Whoever gets ahead takes its own place among those shown.
    await stand_in.push(messages.poll([2_000, *range(1, 50)], question=LONG_WORD * 5, options=options))
    await expect(page.locator(".text")).to_have_text([options[0], *options[-3:]])


@pytest.mark.parametrize("layout", ["bottom-left", "top-right", "lower-third", "full"])
async def test_much_of_everything_stays_in_the_frame(overlay: Overlay, stand_in: StandIn, layout: str) -> None:
    options = [f"Option {number} {LONG_WORD if number % 7 == 3 else ''}".strip() for number in range(50)]
    poll = messages.poll(range(50), question=LONG_WORD * 5, options=options)
    totals = dict.fromkeys(EMOJIS, 987_654_321)
    stand_in.snapshot = messages.snapshot(totals, [poll], emojis=EMOJIS, watching=1_234_567)
    page = await overlay(f"layout={layout}&motion=none" + ("&options=50&emojis=12" if layout == "full" else ""))
    await expect(page.locator("#poll")).to_be_visible()
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate(_OUTSIDE, [width, height]) == [], (width, height)
