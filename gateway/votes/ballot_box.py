"""The one way by which a vote is taken, whether it came by HTTP or by socket."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec

from contracts import events
from gateway import problems
from gateway.auth import Viewer, participant
from gateway.clock import Clock
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from gateway.problems import Problem
from gateway.receipts.sealing import Kind, Receipt, Receipts
from gateway.receipts.ulids import Ulids
from gateway.refusal import Refused
from gateway.voter import VoterKeys
from gateway.votes.admission import check_choices, check_status, check_stream, check_withdrawal, is_eligible
from gateway.votes.batcher import VoteBatcher
from gateway.votes.first_vote import FirstVoteLock
from gateway.votes.networks import NetworkShares
from gateway.votes.visibility import is_revealed, is_shown

_NOT_COUNTED: dict[Kind, Problem] = {
    "late": problems.LATE_VOTE,
    "ineligible": problems.INELIGIBLE,
    "network": problems.INELIGIBLE,
}


_NOT_CURRENT = "This gateway has not heard of late which polls are open. Nothing was taken; try again in a second."


class ReceiptAnswer(msgspec.Struct, frozen=True):
    """The answer to a vote that Kafka has. `GET /v1/receipts/{receipt}` tells what became of it."""

    receipt: str


Answered = Callable[[ReceiptAnswer | Refused], None]
"""Told what `BallotBox.vote` returns or raises."""


class BallotBox:
    """Checks votes, hides who cast them, and has them written."""

    def __init__(
        self,
        table: ControlTable,
        batcher: VoteBatcher,
        clock: Clock,
        voters: VoterKeys,
        receipts: Receipts,
        lock: FirstVoteLock,
        networks: NetworkShares,
        is_current: Callable[[], bool],
    ) -> None:
        """`is_current` says whether what is known of the polls is what stands (`ControlReader.is_current`)."""
        self._table = table
        self._batcher = batcher
        self._clock = clock
        self._voters = voters
        self._receipts = receipts
        self._lock = lock
        self._networks = networks
        self._is_current = is_current
        self._ulids = Ulids()

    async def vote(
        self,
        viewer: Viewer,
        poll_id: str,
        choices: list[str],
        playback_ms: int | None = None,
        *,
        host: str | None,
    ) -> ReceiptAnswer:
        """Answer once the vote is durable. `playback_ms` is where in the video it was cast, as the viewer says, and
        `host` the address that it came from, None where nobody knows.

        Raises Refused. A refusal with a member `receipt` is durable too: the vote was received, and does not count.
        Otherwise nothing was taken, unless Kafka was not reachable.
        """
        return await self._take(viewer, poll_id, choices, playback_ms, host)

    def takes_at_once(self, stream_id: str, poll_id: str) -> bool:
        """Return whether `cast` may be asked: the poll is there, and its rules are known to be locked."""
        return self._table.has_poll(stream_id, poll_id) and self._lock.knows(self._table.poll(stream_id, poll_id))

    def cast(
        self,
        viewer: Viewer,
        poll_id: str,
        choices: list[str],
        playback_ms: int | None,
        answered: Answered,
        *,
        host: str | None,
    ) -> None:
        """Take a vote as `vote` does, but call `answered` instead of making anybody wait. It must not raise.

        Raises Refused for a vote that did not get as far as Kafka.
        """
        now_ms = self._clock()
        poll, bits = self._check(viewer, poll_id, choices, now_ms)
        self._write(viewer, poll, choices, bits, playback_ms, host, now_ms, answered)

    async def withdraw(self, viewer: Viewer, poll_id: str) -> ReceiptAnswer:
        """Take the viewer's vote back, whether there is one or not. Answers and raises as `vote`."""
        return await self._take(viewer, poll_id, None, None, None)

    def poll_of(self, viewer: Viewer, receipt: str) -> str:
        """Return the id of the poll in which the receipt proves a vote of the viewer. Raises Refused if it proves none.

        Once everybody sees a poll's results there is nothing to prove.
        """
        participant(viewer)
        opened = self._receipts.open(receipt)
        if opened.stream_id == viewer.stream_id:
            poll = self._table.poll(opened.stream_id, opened.poll_id)
            if is_revealed(poll, self._clock()) or self._receipts.shows(receipt, viewer, poll):
                return poll.poll_id
        raise Refused(problems.UNKNOWN_RECEIPT, "It proves no vote of this viewer that may count.")

    async def _take(
        self, viewer: Viewer, poll_id: str, choices: list[str] | None, playback_ms: int | None, host: str | None
    ) -> ReceiptAnswer:
        now_ms = self._clock()
        poll, bits = self._check(viewer, poll_id, choices, now_ms)
        if not self._lock.knows(poll):
            await self._lock.register(poll)
            # Its rules may have changed until they were locked, and its time may be over.
            now_ms = self._clock()
            poll, bits = self._check(viewer, poll_id, choices, now_ms)
        answered: asyncio.Future[ReceiptAnswer] = asyncio.get_running_loop().create_future()
        self._write(viewer, poll, choices, bits, playback_ms, host, now_ms, partial(_resolve, answered))
        return await answered

    def _write(
        self,
        viewer: Viewer,
        poll: Poll,
        choices: list[str] | None,
        bits: int,
        playback_ms: int | None,
        host: str | None,
        now_ms: int,
        answered: Answered,
    ) -> None:
        deadline_ms = poll.deadline_ms
        kind = _kind(poll, viewer, choices, late=deadline_ms is not None and now_ms > deadline_ms)
        voter = self._voters.voter(poll, viewer.viewer_id)
        if kind == "vote" and not self._networks.admits(poll, voter, host):
            kind = "network"
        receipt = Receipt(poll.stream_id, poll.poll_id, voter, self._ulids.new(now_ms), kind, now_ms)
        vote: events.Vote = {
            "stream_id": poll.stream_id,
            "poll_id": poll.poll_id,
            "voter": voter,
            "receipt": receipt.ulid,
            "at": now_ms,
            "choices": bits,
            "options": len(poll.options),
            "max_choices": poll.max_choices,
            "allow_change": poll.allow_change,
            "allow_withdraw": poll.allow_withdraw,
            "eligible": kind not in {"ineligible", "network"},
            "deadline": deadline_ms,
        }
        if playback_ms is not None:
            vote["playback_ms"] = playback_ms
        answer = ReceiptAnswer(self._receipts.seal(receipt))
        self._batcher.submit(vote, partial(_tell, answered, self._outcome(kind, answer)))

    def _outcome(self, kind: Kind, answer: ReceiptAnswer) -> ReceiptAnswer | Refused:
        problem = _NOT_COUNTED.get(kind)
        if problem is None:
            return answer
        detail = None
        if kind == "network":
            detail = (
                f"{self._networks.most} voters of this viewer's network have voted in this poll, as many as are "
                "counted. The vote is counted as ineligible."
            )
        return Refused(problem, detail, extensions=msgspec.to_builtins(answer))

    def _check(self, viewer: Viewer, poll_id: str, choices: list[str] | None, now_ms: int) -> tuple[Poll, int]:
        """Return the poll and the choices as bits. Raises Refused for what shall not reach Kafka."""
        participant(viewer)
        stream = self._table.stream(viewer.stream_id)
        poll = self._table.poll(stream.stream_id, poll_id)
        if not self._is_current():
            # It may be closed, and counted.
            raise Refused(problems.KAFKA_UNREACHABLE, _NOT_CURRENT)
        if not is_shown(poll):
            raise Refused(problems.UNKNOWN_POLL)
        check_stream(stream, poll, now_ms)
        check_status(poll, now_ms)
        return poll, check_withdrawal(poll) if choices is None else check_choices(poll, choices)


def _kind(poll: Poll, viewer: Viewer, choices: list[str] | None, *, late: bool) -> Kind:
    # In the order of the job's own verdicts.
    if poll.eligibility and not is_eligible(poll, viewer.claims):
        return "ineligible"
    if late:
        return "late"
    return "withdrawal" if choices is None else "vote"


def _resolve(waiting: asyncio.Future[ReceiptAnswer], outcome: ReceiptAnswer | Refused) -> None:
    if waiting.done():  # Whoever waited has gone.
        return
    if isinstance(outcome, Refused):
        waiting.set_exception(outcome)
    else:
        waiting.set_result(outcome)


def _tell(answered: Answered, outcome: ReceiptAnswer | Refused, failed: Refused | None) -> None:
    answered(outcome if failed is None else failed)
