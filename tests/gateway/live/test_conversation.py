"""Frames and their answers; taps and votes themselves are the test's."""

import asyncio
import json
from typing import Any, cast

from gateway import problems
from gateway.auth import Viewer
from gateway.control.table import ControlTable
from gateway.live.conversation import Conversation
from gateway.live.hub import StreamHub
from gateway.live.mailbox import Mailbox
from gateway.refusal import Refused
from gateway.votes.ballot_box import ReceiptAnswer
from tests.gateway.records import AT, poll, stream


class Ballots:
    """Answers votes when the test says so, or fails."""

    def __init__(self) -> None:
        self.durable = asyncio.Event()
        self.error: Exception | None = None

    async def vote(
        self, viewer: Viewer, poll_id: str, choices: list[str], playback_ms: int | None = None
    ) -> ReceiptAnswer:
        await self.durable.wait()
        if self.error is not None:
            raise self.error
        return ReceiptAnswer("r-" + "".join(choices))

    async def withdraw(self, viewer: Viewer, poll_id: str) -> ReceiptAnswer:
        return await self.vote(viewer, poll_id, [])

    def poll_of(self, viewer: Viewer, receipt: str) -> str:
        if receipt != "mine":
            raise Refused(problems.UNKNOWN_RECEIPT)
        return "best"


class Setup:
    def __init__(self) -> None:
        self.now = AT
        table = ControlTable(lambda: self.now)
        table.apply(stream())
        table.apply(poll(results="after_vote"))
        self.mailbox, self.ballots = Mailbox(), Ballots()
        self.hub = StreamHub("cup", table, lambda: self.now, push_s=0.001)
        self.hub.join(self.mailbox)
        self.allowed = 100
        self.conversation = Conversation(
            Viewer("viewer-1", "cup", "viewer", AT // 1000 + 60),
            self.hub,
            self.mailbox,
            taps=cast(Any, None),
            ballots=cast(Any, self.ballots),
            admit=self._admit,
            clock=lambda: self.now,
        )

    def _admit(self, viewer: Viewer) -> None:
        self.allowed -= 1
        if self.allowed < 0:
            raise Refused(problems.RATE_LIMITED, retry_after_s=2)

    def say(self, **frame: object) -> None:
        self.conversation.take(json.dumps(frame))

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            message: dict[str, Any] = json.loads(await self.mailbox.next())
        return message

    async def answer(self) -> tuple[object, str]:
        """Return id and problem of the next answer, past what is shown."""
        while (message := await self.next())["type"] not in ("ack", "error"):
            pass
        return message["id"], message.get("problem", "").removeprefix("/problems/")


async def test_a_vote_is_acknowledged_and_then_shows_the_numbers() -> None:
    setup = Setup()
    assert (await setup.next())["type"] == "snapshot"
    setup.say(type="vote", id=1, poll_id="best", choices=["2"])
    setup.ballots.durable.set()
    assert await setup.next() == {"type": "ack", "id": 1, "receipt": "r-2"}
    assert (await setup.next())["results_hidden"] is False


async def test_neither_a_withdrawal_nor_a_refused_vote_shows_them() -> None:
    setup = Setup()
    setup.ballots.durable.set()
    setup.say(type="withdraw", id=1, poll_id="best")
    assert await setup.answer() == (1, "")
    setup.ballots.error = Refused(problems.INELIGIBLE)
    setup.say(type="vote", id=2, poll_id="best", choices=["1"])
    assert await setup.answer() == (2, "ineligible")
    setup.say(type="show", id=3, receipt="not mine")
    assert await setup.answer() == (3, "unknown-receipt")
    assert setup.mailbox._slots.keys() <= {"snapshot"}


async def test_the_receipt_of_a_vote_shows_them_too() -> None:
    setup = Setup()
    assert (await setup.next())["type"] == "snapshot"
    setup.say(type="show", id="s", receipt="mine")
    assert await setup.next() == {"type": "ack", "id": "s"}
    assert (await setup.next())["results_hidden"] is False


async def test_every_frame_counts_against_the_limit() -> None:
    setup = Setup()
    setup.allowed = 2
    setup.conversation.take("{")
    setup.say(type="dance", id=1)
    setup.say(type="vote", id=2, poll_id="best", choices=["1"])
    setup.conversation.take('{"id": 3')
    answers = [await setup.answer() for _ in range(4)]
    assert answers == [(None, "not-json"), (1, "unknown-frame"), (2, "rate-limited"), (None, "rate-limited")]


async def test_a_token_ends_while_the_socket_is_open() -> None:
    setup = Setup()
    setup.now = AT + 60_000
    setup.say(type="vote", id=1, poll_id="best", choices=["1"])
    assert await setup.answer() == (1, "expired-token")


async def test_so_many_votes_wait_and_no_more() -> None:
    setup = Setup()
    for number in range(17):
        setup.say(type="vote", id=number, poll_id="best", choices=["1"])
    assert await setup.answer() == (16, "too-much-waiting")
    setup.ballots.durable.set()
    assert sorted([await setup.answer() for _ in range(16)], key=str) == sorted(((n, "") for n in range(16)), key=str)


async def test_a_failure_is_answered_and_the_next_vote_is_taken() -> None:
    setup = Setup()
    setup.ballots.durable.set()
    setup.ballots.error = KeyError("secret")
    setup.say(type="vote", id=1, poll_id="best", choices=["1"])
    assert await setup.answer() == (1, "internal")
    setup.ballots.error = None
    setup.say(type="vote", id=2, poll_id="best", choices=["1"])
    assert await setup.answer() == (2, "")


async def test_closing_waits_for_nobody() -> None:
    setup = Setup()
    setup.say(type="vote", id=1, poll_id="best", choices=["1"])
    await asyncio.sleep(0)
    (task,) = setup.conversation._votes
    setup.conversation.close()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()
