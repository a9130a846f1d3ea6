import asyncio

from gateway.live.mailbox import Mailbox


async def test_keeps_only_the_newest_of_a_slot_in_its_place() -> None:
    mailbox = Mailbox()
    mailbox.show("reactions", "old")
    mailbox.show("poll:1", "poll")
    mailbox.show("reactions", "new")
    assert [await mailbox.next(), await mailbox.next()] == ["new", "poll"]


async def test_answers_go_first_and_in_order() -> None:
    mailbox = Mailbox()
    mailbox.show("reactions", "picture")
    mailbox.answer("1")
    mailbox.answer("2")
    assert [await mailbox.next() for _ in range(3)] == ["1", "2", "picture"]


async def test_waits_for_a_message() -> None:
    mailbox = Mailbox()
    waiting = asyncio.create_task(mailbox.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    mailbox.show("reactions", "picture")
    assert await waiting == "picture"


async def test_who_takes_no_answers_is_asked_for_no_frames() -> None:
    mailbox = Mailbox()
    for number in range(64):
        await mailbox.room()
        mailbox.answer(str(number))
    reading = asyncio.create_task(mailbox.room())
    await asyncio.sleep(0)
    assert not reading.done()
    await mailbox.next()
    await reading


async def test_a_whole_picture_leaves_nothing_older_behind_it() -> None:
    mailbox = Mailbox()
    mailbox.answer("1")
    mailbox.show("poll:1", "old")
    mailbox.show("snapshot", "first")
    mailbox.show_all("snapshot", "second")
    mailbox.show("poll:1", "new")
    assert [await mailbox.next() for _ in range(3)] == ["1", "second", "new"]
