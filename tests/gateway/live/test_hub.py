import asyncio
import json
from typing import Any

import pytest

from gateway.control.model import Poll, Record, Stream
from gateway.control.table import ControlTable
from gateway.live.hub import StreamHub
from gateway.live.tally import NUMBERS
from tests.gateway.live.paper import Paper
from tests.gateway.records import AT, poll, stream


class Setup:
    def __init__(self, push_s: float = 0.005, **changes: Any) -> None:
        self.now = AT
        self.table = ControlTable(lambda: self.now)
        self.table.ready = True
        self.table.apply(stream())
        self.table.apply(poll(**changes))
        self.table.apply(poll(poll_id="draft", status="draft", opened_at=None))
        self.hub = StreamHub("cup", self.table, lambda: self.now)
        self.hub.fill()
        self.table.listen(self._heard)
        self.screen = Paper(self.hub, interval_s=push_s)
        self.revision = 1

    def _heard(self, record: Record) -> None:
        assert isinstance(record, Stream | Poll)
        self.hub.take_control(record)

    def change(self, **changes: Any) -> None:
        """Put a newer definition of a poll into the table."""
        self.revision += 1
        self.table.apply(poll(revision=self.revision, at=AT + self.revision, **changes))

    def reactions(self, total: int) -> None:
        window = {"start": AT, "counts": {"🔥": total}}
        message = {"type": "reactions", "stream_id": "cup", "as_of": AT, "totals": {"🔥": total}, "window": window}
        self.hub.take_message(json.dumps(message).encode())

    def tally(self, version: int) -> None:
        numbers = dict.fromkeys(NUMBERS, 0) | {"voters": version, "received": version}
        message = {
            "type": "poll",
            "stream_id": "cup",
            "poll_id": "best",
            "status": "open",
            "options": [{"id": "1", "votes": version}],
            "version": version,
            "as_of": AT,
            "is_final": True,
            **numbers,
        }
        self.hub.take_message(json.dumps(message).encode())

    async def next(self) -> dict[str, Any]:
        return await self.screen.next()

    async def quiet(self, screen: Paper) -> None:
        """Wait until a change that all are shown has gone out, and see that this screen was shown nothing else."""
        self.reactions(self.hub.picture.totals.get("🔥", 0) + 1)
        assert (await screen.next())["type"] == "reactions"
        assert screen.is_quiet


async def test_who_came_before_the_numbers_were_known_is_shown_them_once_they_are() -> None:
    setup = Setup()
    setup.hub.picture.is_known = False
    setup.hub.filled.clear()
    setup.hub.join(setup.screen)
    unknown = await setup.next()
    assert unknown["numbers_known"] is False
    assert unknown["reactions"]["totals"] == {}
    assert "received" not in unknown["polls"][0]
    setup.hub.fill()
    setup.hub.fill()
    known = await setup.next()
    assert known["type"] == "snapshot"
    assert "numbers_known" not in known
    assert known["polls"][0]["received"] == 0
    await setup.quiet(setup.screen)


async def test_the_snapshot_comes_first_and_shows_no_drafts() -> None:
    setup = Setup()
    setup.reactions(1)
    setup.hub.join(setup.screen)
    setup.reactions(2)
    snapshot = await setup.next()
    assert snapshot["type"] == "snapshot"
    assert snapshot["reactions"]["totals"] == {"🔥": 1}
    assert [each["poll_id"] for each in snapshot["polls"]] == ["best"]
    assert snapshot["polls"][0]["options"][0] == {"id": "1", "text": "Option 0", "votes": 0}
    assert (await setup.next())["totals"] == {"🔥": 2}


async def test_only_the_newest_picture_is_shown() -> None:
    setup = Setup(push_s=0.05)
    setup.hub.join(setup.screen)
    await setup.next()
    setup.reactions(1)
    assert (await setup.next())["totals"] == {"🔥": 1}
    for total in range(2, 50):
        setup.reactions(total)
        await asyncio.sleep(0)
    assert (await setup.next())["totals"] == {"🔥": 49}
    assert setup.screen.is_quiet


async def test_the_first_change_after_quiet_goes_at_once() -> None:
    setup = Setup(push_s=2)
    setup.hub.join(setup.screen)
    await setup.next()
    setup.reactions(1)
    async with asyncio.timeout(1):
        await setup.next()


async def test_a_tally_is_shown_with_question_and_texts() -> None:
    setup = Setup()
    setup.hub.join(setup.screen)
    await setup.next()
    setup.tally(3)
    message = await setup.next()
    assert (message["question"], message["voters"], message["version"]) == ("Who was the best?", 3, 3)
    assert [each["votes"] for each in message["options"]] == [3, 0, 0]


async def test_opening_and_closing_is_shown_and_a_draft_is_not() -> None:
    setup = Setup()
    setup.hub.join(setup.screen)
    await setup.next()
    setup.change(poll_id="draft", status="draft", opened_at=None, question="Changed?")
    setup.change(status="closed", closed_at=AT)
    message = await setup.next()
    assert (message["poll_id"], message["status"]) == ("best", "closed")
    setup.change(poll_id="draft", status="open")
    assert (await setup.next())["poll_id"] == "draft"


async def test_a_poll_whose_time_is_over_is_shown_closed() -> None:
    setup = Setup()
    setup.hub.join(setup.screen)
    await setup.next()
    setup.now = AT + 90
    setup.change(closes_at=AT + 100)
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
    setup.hub.join(setup.screen)
    await setup.next()
    setup.table.apply(stream(revision=2, status="ended"))
    assert (await setup.next())["status"] == "ended"


async def test_a_scheduled_poll_is_shown_open_at_its_time() -> None:
    setup = Setup(status="scheduled", opened_at=None, opens_at=AT + 50)
    setup.hub.join(setup.screen)
    assert (await setup.next())["polls"][0]["status"] == "scheduled"
    setup.now = AT + 50
    assert (await setup.next())["status"] == "open"


async def test_hidden_numbers_go_to_who_has_voted_alone() -> None:
    setup = Setup(results="after_vote")
    voter, other = Paper(setup.hub), Paper(setup.hub)
    for screen in (voter, other):
        setup.hub.join(screen)
        assert "votes" not in (await screen.next())["polls"][0]["options"][0]
    setup.tally(71)
    await setup.quiet(other)
    setup.hub.reveal(voter, "best")
    shown = [await voter.next(), await voter.next()]
    assert [each["type"] for each in shown] == ["reactions", "poll"]
    assert (shown[1]["voters"], shown[1]["results_hidden"]) == (71, False)
    setup.tally(72)
    assert (await voter.next())["voters"] == 72
    await setup.quiet(other)
    setup.hub.leave(voter)
    setup.tally(73)
    await setup.quiet(other)


async def test_who_voted_keeps_its_numbers_through_a_new_snapshot() -> None:
    setup = Setup(results="after_vote")
    setup.tally(71)
    setup.hub.join(setup.screen)
    setup.hub.reveal(setup.screen, "best")
    await setup.next()
    await setup.next()
    setup.table.apply(stream(revision=2, title="Extra time"))
    snapshot, shown = await setup.next(), await setup.next()
    assert (snapshot["title"], snapshot["polls"][0]["results_hidden"]) == ("Extra time", True)
    assert (shown["type"], shown["voters"]) == ("poll", 71)


async def test_everybody_sees_the_numbers_once_the_poll_is_closed() -> None:
    setup = Setup(results="after_vote", closes_at=AT + 100)
    setup.tally(71)
    setup.hub.join(setup.screen)
    await setup.next()
    setup.now = AT + 101
    setup.change(results="after_vote", closes_at=AT + 100, status="closed", closed_at=AT + 100)
    shown = await setup.next()
    assert (shown["status"], shown["voters"], shown["results_hidden"]) == ("closed", 71, False)


@pytest.mark.parametrize("results", ["always", "after_close"])
async def test_voting_reveals_nothing_where_it_does_not_decide(results: str) -> None:
    setup = Setup(results=results)
    setup.tally(71)
    setup.hub.join(setup.screen)
    await setup.next()
    setup.hub.reveal(setup.screen, "best")
    assert setup.screen.is_quiet
    setup.tally(72)
    if results == "after_close":
        await setup.quiet(setup.screen)
    else:
        assert (await setup.next())["voters"] == 72


async def test_votes_in_a_hidden_poll_do_not_change_the_snapshot() -> None:
    setup = Setup(results="after_close")
    first = setup.hub.snapshot()
    setup.tally(71)
    assert setup.hub.snapshot().etag == first.etag
    assert b"71" not in setup.hub.snapshot().message.body


async def test_what_the_job_calls_final_is_not_final() -> None:
    setup = Setup()
    setup.tally(3)
    setup.hub.join(setup.screen)
    assert (await setup.next())["polls"][0]["is_final"] is False


async def test_while_control_is_read_again_the_last_picture_stays() -> None:
    setup = Setup()
    setup.hub.join(setup.screen)
    await setup.next()
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, failure: failures.append(failure))
    setup.table.apply(stream(revision=2))
    setup.table.clear()
    setup.tally(3)
    await asyncio.sleep(0.02)
    assert (setup.screen.is_quiet, failures) == (True, [])
    setup.table.apply(stream())
    setup.table.apply(poll())
    assert (await setup.next())["polls"][0]["voters"] == 3
