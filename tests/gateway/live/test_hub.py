import asyncio
import json
from typing import Any

from gateway.control.table import ControlTable
from gateway.live.hub import StreamHub
from gateway.live.mailbox import Mailbox
from tests.gateway.records import AT, poll, stream


class Setup:
    def __init__(self, push_s: float = 0.005) -> None:
        self.now = AT
        self.table = ControlTable(lambda: self.now)
        self.table.ready = True
        self.table.apply(stream())
        self.table.apply(poll())
        self.table.apply(poll(poll_id="draft", status="draft"))
        self.hub = StreamHub("cup", self.table, lambda: self.now, push_s)
        self.table.listen(self.hub.take_control)
        self.mailbox = Mailbox()

    def reactions(self, total: int) -> None:
        window = {"start": AT, "counts": {"🔥": total}}
        message = {"type": "reactions", "stream_id": "cup", "as_of": AT, "totals": {"🔥": total}, "window": window}
        self.hub.take_message(json.dumps(message).encode())

    def tally(self, version: int) -> None:
        numbers = {"voters": version, "received": version, "replaced": 0, "duplicate": 0, "late": 0, "invalid": 0}
        message = {
            "type": "poll",
            "stream_id": "cup",
            "poll_id": "best",
            "status": "open",
            "options": [{"id": "1", "votes": version}],
            "version": version,
            "as_of": AT,
            "is_final": False,
            **numbers,
        }
        self.hub.take_message(json.dumps(message).encode())

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            message: dict[str, Any] = json.loads(await self.mailbox.next())
        return message


async def test_the_snapshot_comes_first_and_shows_no_drafts() -> None:
    setup = Setup()
    setup.reactions(1)
    setup.hub.join(setup.mailbox)
    setup.reactions(2)
    snapshot = await setup.next()
    assert snapshot["type"] == "snapshot"
    assert snapshot["reactions"]["totals"] == {"🔥": 1}
    assert [each["poll_id"] for each in snapshot["polls"]] == ["best"]
    assert snapshot["polls"][0]["options"][0] == {"id": "1", "text": "Option 0", "votes": 0}
    assert (await setup.next())["totals"] == {"🔥": 2}


async def test_only_the_newest_picture_is_shown() -> None:
    setup = Setup(push_s=0.05)
    setup.hub.join(setup.mailbox)
    await setup.next()
    setup.reactions(1)
    assert (await setup.next())["totals"] == {"🔥": 1}
    for total in range(2, 50):
        setup.reactions(total)
        await asyncio.sleep(0)
    assert (await setup.next())["totals"] == {"🔥": 49}
    assert setup.mailbox._slots == {}


async def test_the_first_change_after_quiet_goes_at_once() -> None:
    setup = Setup(push_s=2)
    setup.hub.join(setup.mailbox)
    await setup.next()
    setup.reactions(1)
    async with asyncio.timeout(1):
        await setup.mailbox.next()


async def test_a_tally_is_shown_with_question_and_texts() -> None:
    setup = Setup()
    setup.hub.join(setup.mailbox)
    await setup.next()
    setup.tally(3)
    message = await setup.next()
    assert (message["question"], message["voters"], message["version"]) == ("Who was the best?", 3, 3)
    assert [each["votes"] for each in message["options"]] == [3, 0, 0]


async def test_opening_and_closing_is_shown_and_a_draft_is_not() -> None:
    setup = Setup()
    setup.hub.join(setup.mailbox)
    await setup.next()
    setup.table.apply(poll(poll_id="draft", status="draft", question="Changed?"))
    setup.table.apply(poll(status="closed"))
    message = await setup.next()
    assert (message["poll_id"], message["status"]) == ("best", "closed")
    setup.table.apply(poll(poll_id="draft", status="open"))
    assert (await setup.next())["poll_id"] == "draft"


async def test_a_poll_whose_time_is_over_is_shown_closed() -> None:
    setup = Setup()
    setup.hub.join(setup.mailbox)
    await setup.next()
    setup.now = AT + 90
    setup.table.apply(poll(closes_at=AT + 100))
    assert (await setup.next())["status"] == "open"
    setup.now = AT + 101
    assert (await setup.next())["status"] == "closed"


async def test_the_tag_changes_with_the_picture_only() -> None:
    setup = Setup()
    first = setup.hub.snapshot()
    setup.now += 10_000
    assert setup.hub.snapshot() == first
    setup.reactions(1)
    assert setup.hub.snapshot().etag != first.etag


async def test_the_end_of_a_stream_is_shown() -> None:
    setup = Setup()
    setup.hub.join(setup.mailbox)
    await setup.next()
    setup.table.apply(stream(status="ended"))
    assert (await setup.next())["status"] == "ended"
