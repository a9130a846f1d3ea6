"""A viewer's conversation without a socket: the test is the socket, and what taps and votes do is the test's too."""

import asyncio
import json
from collections import deque
from typing import Any, cast

from contracts.windows import window_start
from gateway import problems
from gateway.auth import Viewer, participant
from gateway.control.table import ControlTable
from gateway.live.answers import Answers
from gateway.live.conversation import Conversation
from gateway.live.expiry import Expiries
from gateway.reactions.tap_counter import Counted
from gateway.refusal import Refused
from gateway.resend.edges import Edges
from gateway.resend.line import Line
from gateway.stats.refusals import Refusals
from gateway.votes.ballot_box import ReceiptAnswer
from tests.gateway.records import AT

VIEWER = Viewer("viewer-1", "cup", "viewer", AT // 1000 + 60)
SESSION = "s" * 16


class Taps:
    """Counts."""

    def __init__(self) -> None:
        self.counted: list[dict[str, int]] = []

    def tap(self, viewer: Viewer, counts: dict[str, int], playback_ms: int | None = None) -> Counted:
        participant(viewer)
        self.counted.append(counts)
        return Counted(sum(counts.values()), window_start(AT))


class Ballots:
    """Answers votes when the test says so, or fails."""

    def __init__(self) -> None:
        self.durable = asyncio.Event()
        self.error: Exception | None = None
        self.cast: list[str] = []

    async def vote(
        self, viewer: Viewer, poll_id: str, choices: list[str], playback_ms: int | None = None, *, host: str | None
    ) -> ReceiptAnswer:
        self.cast.append("".join(choices))
        await self.durable.wait()
        if self.error is not None:
            raise self.error
        return ReceiptAnswer("r-" + "".join(choices))

    async def withdraw(self, viewer: Viewer, poll_id: str) -> ReceiptAnswer:
        return await self.vote(viewer, poll_id, [], host=None)

    def poll_of(self, viewer: Viewer, receipt: str) -> str:
        if receipt != "mine":
            raise Refused(problems.UNKNOWN_RECEIPT)
        return "best"


class Talk:
    """One socket's conversation, and what it said."""

    def __init__(self, taps: Taps | None = None, ballots: Ballots | None = None, viewer: Viewer = VIEWER) -> None:
        self.now = AT
        self.allowed = 1_000
        self.taps, self.ballots = taps or Taps(), ballots or Ballots()
        self.revealed: list[str] = []
        self.closed: tuple[int, str] | None = None
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._held: deque[str] | None = None
        self.expiries = Expiries(lambda: self.now)
        refusals = Refusals(ControlTable(lambda: self.now), lambda: self.now)
        answers = Answers(viewer, self, cast(Any, self.taps), cast(Any, self.ballots), refusals, None)
        self.conversation = Conversation(
            viewer, self, answers, admit=self._admit, clock=lambda: self.now, expiries=self.expiries
        )
        self.viewer = viewer
        self.edge = ""

    def join(self, edges: Edges, session: str = SESSION) -> "Talk":
        """Let it be a session's connection."""
        line = Line(edges, self.viewer, session, self.conversation)
        self.conversation.join(line)
        self.edge = line.edge
        return self

    def say(self, **frame: object) -> None:
        self.say_raw(json.dumps(frame))

    def say_raw(self, frame: str) -> None:
        if self._held is None:
            self.conversation.take(frame)
        else:
            self._held.append(frame)

    def tap(self, frame_id: object, *sent_to: str) -> None:
        self.say(type="react", id=frame_id, counts={"🔥": 1}, **{"sent_to": sent_to} if sent_to else {})

    def vote(self, frame_id: object, choice: str, *sent_to: str) -> None:
        again = {"sent_to": sent_to} if sent_to else {}
        self.say(type="vote", id=frame_id, poll_id="best", choices=[choice], **again)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return await self._said.get()

    async def answers(self, count: int) -> list[tuple[object, str]]:
        """Return id and problem of the next answers."""
        messages = [await self.next() for _ in range(count)]
        return [(each["id"], each.get("problem", "").removeprefix("/problems/")) for each in messages]

    @property
    def is_quiet(self) -> bool:
        return self._said.empty()

    # What a conversation needs of its socket.

    def answer(self, text: str) -> None:
        self._said.put_nowait(json.loads(text))

    def reveal(self, poll_id: str) -> None:
        self.revealed.append(poll_id)

    def hold(self) -> None:
        assert self._held is None
        self._held = deque()

    def go_on(self) -> None:
        held, self._held = self._held or deque(), None
        while held:
            self.say_raw(held.popleft())

    def close(self, code: int, reason: str) -> None:
        assert self.closed is None
        self.closed = (code, reason)
        self.conversation.close()

    def _admit(self, viewer: Viewer) -> None:
        self.allowed -= 1
        if self.allowed < 0:
            raise Refused(problems.RATE_LIMITED, retry_after_s=2)
