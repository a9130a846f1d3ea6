"""Each rule of a poll, at the one way by which votes are taken; the outbox is the test's."""

import asyncio
from typing import Any

import jsonschema
import pytest

from contracts import schemas
from contracts.limits import GRACE_MS
from gateway import problems
from gateway.auth import Viewer, signing_secrets
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from gateway.receipts.outcomes import outcome_at_once, reason_of
from gateway.receipts.sealing import Receipts
from gateway.refusal import Refused
from gateway.voter import VoterKeys
from gateway.votes.ballot_box import BallotBox
from gateway.votes.batcher import VoteBatcher
from gateway.votes.networks import NetworkShares
from tests.gateway.fake_outbox import FakeOutbox, until
from tests.gateway.records import AT, poll, stream

VIEWER = Viewer("viewer-1", "cup", "viewer", 9_999_999_999, {"team": "red"})


class Lock:
    """Knows what it was told of; `during` happens while somebody waits for it."""

    def __init__(self) -> None:
        self.registered: list[Poll] = []
        self.known: set[str] = set()
        self.during: Any = lambda: None
        self.editing = False

    def knows(self, poll: Poll) -> bool:
        return poll.key in self.known

    async def register(self, poll: Poll) -> None:
        await asyncio.sleep(0)
        self.during()
        if self.editing:
            raise Refused(problems.TOO_MUCH_WAITING)
        self.registered.append(poll)
        self.known.add(poll.key)


class Setup:
    def __init__(self, most: int = 0, **changes: Any) -> None:
        self.now = AT
        self.table = ControlTable(lambda: self.now)
        self.table.ready = True
        self.table.apply(stream())
        self.table.apply(poll(**changes))
        self.outbox = FakeOutbox()
        self.voters = VoterKeys(b"v" * 32, self.table)
        self.receipts = Receipts(signing_secrets("t" * 40), self.voters)
        self.lock = Lock()
        batcher = VoteBatcher(self.outbox, region="eu", edge="gw-1", linger_ms=0, deadline_ms=5_000, max_waiting=100)
        networks = NetworkShares(most, self.table)
        self.is_current = True
        self.box = BallotBox(
            self.table,
            batcher,
            lambda: self.now,
            self.voters,
            self.receipts,
            self.lock,
            networks,
            lambda: self.is_current,
        )

    async def take(self, taking: Any) -> str:
        """Return the receipt; Kafka takes the record."""
        task = asyncio.ensure_future(taking)
        while not task.done():
            await asyncio.sleep(0)
            await self.outbox.acknowledge()
        return str((await task).receipt)

    async def vote(self, *choices: str, viewer: Viewer = VIEWER, host: str | None = None) -> str:
        return await self.take(self.box.vote(viewer, "best", list(choices or ["1"]), host=host))

    async def withdraw(self) -> str:
        return await self.take(self.box.withdraw(VIEWER, "best"))

    @property
    def votes(self) -> list[dict[str, Any]]:
        return [vote for value in self.outbox.values for vote in value["votes"]]


async def refusal(taking: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        await taking
    return refused.value


async def test_the_record_holds_the_rules_and_no_identity() -> None:
    setup = Setup(
        options=4,
        max_choices=3,
        allow_change=True,
        allow_withdraw=True,
        eligibility={"team": ("red",)},
        closes_at=AT + 60_000,
    )
    setup.now = AT + 7
    receipt = setup.receipts.open(await setup.vote("1", "4"))
    (value,) = setup.outbox.values
    jsonschema.validate(value, schemas.load("votes"))
    assert setup.votes == [
        {
            "stream_id": "cup",
            "poll_id": "best",
            "voter": setup.voters.voter(poll(), "viewer-1"),
            "receipt": receipt.ulid,
            "at": AT + 7,
            "choices": 0b1001,
            "options": 4,
            "max_choices": 3,
            "allow_change": True,
            "allow_withdraw": True,
            "eligible": True,
            "deadline": AT + 60_000 + GRACE_MS,
        }
    ]
    assert "viewer-1" not in str(value)
    assert (receipt.kind, receipt.at, receipt.voter) == ("vote", AT + 7, setup.votes[0]["voter"])


async def test_nobody_is_answered_before_kafka_has_the_vote() -> None:
    setup = Setup()
    task = asyncio.create_task(setup.box.vote(VIEWER, "best", ["1"], host=None))
    await until(lambda: setup.outbox.sent)
    await asyncio.sleep(0.01)
    assert not task.done()
    await setup.outbox.acknowledge()
    await task


async def test_a_vote_counts_until_the_deadline_and_is_late_after_it() -> None:
    setup = Setup(closes_at=AT + 1_000)
    setup.now = AT + 1_000 + GRACE_MS
    assert setup.receipts.open(await setup.vote()).kind == "vote"
    setup.now += 1
    late = await refusal(setup.vote())
    assert (late.problem.name, late.problem.status) == ("late-vote", 409)
    assert [vote["at"] <= vote["deadline"] for vote in setup.votes] == [True, False]
    receipt = setup.receipts.open(late.members()["receipt"])
    assert (receipt.kind, receipt.ulid) == ("late", setup.votes[1]["receipt"])


async def test_a_poll_closed_by_hand_has_the_same_grace() -> None:
    setup = Setup(status="closed", closed_at=AT)
    setup.now = AT + GRACE_MS
    await setup.vote()
    setup.now += 1
    assert (await refusal(setup.vote())).problem.name == "late-vote"


async def test_an_ineligible_vote_is_written_as_such_and_refused_with_a_receipt() -> None:
    setup = Setup(eligibility={"team": ("blue",)})
    refused = await refusal(setup.vote())
    assert (refused.problem.name, refused.problem.status) == ("ineligible", 403)
    assert [vote["eligible"] for vote in setup.votes] == [False]
    assert setup.receipts.open(refused.members()["receipt"]).kind == "ineligible"


async def test_what_is_both_is_ineligible_as_the_job_judges_it() -> None:
    setup = Setup(eligibility={"team": ("blue",)}, status="closed", closed_at=AT - 10_000)
    assert (await refusal(setup.vote())).problem.name == "ineligible"


async def test_a_withdrawal_is_a_vote_without_choices() -> None:
    setup = Setup(allow_change=True, allow_withdraw=True)
    first, second = setup.receipts.open(await setup.vote()), setup.receipts.open(await setup.withdraw())
    assert [vote["choices"] for vote in setup.votes] == [1, 0]
    assert first.ulid < second.ulid
    assert (second.kind, second.voter) == ("withdrawal", first.voter)
    jsonschema.validate(setup.outbox.values[1], schemas.load("votes"))


async def test_a_late_withdrawal_is_late() -> None:
    setup = Setup(allow_change=True, allow_withdraw=True, status="closed", closed_at=AT - 10_000)
    assert (await refusal(setup.withdraw())).problem.name == "late-vote"
    assert [vote["choices"] for vote in setup.votes] == [0]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"status": "draft", "opened_at": None}, "unknown-poll"),
        ({"status": "scheduled", "opened_at": None, "opens_at": AT + 1}, "poll-not-open"),
        ({"status": "paused"}, "paused-poll"),
        ({"status": "cancelled", "voter_salt": None}, "cancelled-poll"),
        ({"status": "final", "voter_salt": None}, "final-poll"),
    ],
)
async def test_what_takes_no_votes_writes_none(changes: dict[str, Any], problem: str) -> None:
    setup = Setup(**changes)
    refused = await refusal(setup.vote())
    assert (refused.problem.name, "receipt" in refused.members()) == (problem, False)
    assert not setup.outbox.sent
    assert not setup.lock.registered


async def test_bad_choices_write_nothing_and_lock_nothing() -> None:
    setup = Setup()
    assert (await refusal(setup.vote("9"))).problem.name == "unknown-option"
    assert (await refusal(setup.withdraw())).problem.name == "not-withdrawable"
    overlay = Viewer("viewer-1", "cup", "overlay", 9_999_999_999)
    assert (await refusal(setup.vote(viewer=overlay))).problem.name == "role-not-allowed"
    assert (setup.outbox.sent, setup.lock.registered) == ([], [])


async def test_rules_are_locked_once_before_the_first_vote() -> None:
    setup = Setup()
    await setup.vote()
    await setup.vote()
    assert setup.lock.registered == [poll()]


async def test_while_the_poll_is_edited_no_vote_is_written() -> None:
    setup = Setup()
    setup.lock.editing = True
    assert (await refusal(setup.vote())).problem.name == "too-much-waiting"
    assert not setup.outbox.sent


async def test_a_vote_that_waited_for_the_lock_has_the_rules_that_are_locked() -> None:
    setup = Setup(max_choices=2)
    setup.lock.during = lambda: setup.table.apply(poll(revision=2, options=5, max_choices=1))
    assert (await refusal(setup.vote("1", "2"))).problem.name == "too-many-choices"
    assert not setup.outbox.sent
    await setup.vote("5")
    assert [(vote["options"], vote["max_choices"]) for vote in setup.votes] == [(5, 1)]


async def test_a_receipt_leads_to_its_poll_for_its_viewer_alone() -> None:
    setup = Setup(results="after_vote", allow_change=True, allow_withdraw=True)
    receipt, withdrawal = await setup.vote(), await setup.withdraw()
    assert setup.box.poll_of(VIEWER, receipt) == "best"
    other, elsewhere = Viewer("viewer-2", "cup", "viewer", 9), Viewer("viewer-1", "cup-2", "viewer", 9)
    for viewer, text in ((other, receipt), (elsewhere, receipt), (VIEWER, withdrawal), (VIEWER, "forged")):
        with pytest.raises(Refused) as refused:
            setup.box.poll_of(viewer, text)
        assert refused.value.problem.name == "unknown-receipt"
    with pytest.raises(Refused) as refused:
        setup.box.poll_of(Viewer("viewer-1", "cup", "overlay", 9), receipt)
    assert refused.value.problem.name == "role-not-allowed"


async def test_after_the_end_nothing_needs_to_be_proved() -> None:
    setup = Setup(results="after_vote")
    receipt = await setup.vote()
    setup.table.apply(poll(revision=2, results="after_vote", status="cancelled", voter_salt=None))
    with pytest.raises(Refused):
        setup.box.poll_of(VIEWER, receipt)
    setup.table.apply(poll(revision=3, results="after_vote", status="final", voter_salt=None))
    assert setup.box.poll_of(VIEWER, receipt) == "best"


async def test_voters_over_a_networks_share_are_written_as_ineligible_and_told_why() -> None:
    setup = Setup(most=1)
    await setup.vote(host="192.0.2.1")
    with pytest.raises(Refused) as refused:
        await setup.vote(viewer=another(2), host="192.0.2.1")
    assert refused.value.problem is problems.INELIGIBLE
    assert "1 voters of this viewer's network" in refused.value.detail
    receipt = setup.receipts.open(refused.value.members()["receipt"])
    assert (receipt.kind, reason_of(receipt), outcome_at_once(receipt)) == ("network", "network", "ineligible")
    assert [vote["eligible"] for vote in setup.votes] == [True, False]
    assert len({vote["voter"] for vote in setup.votes}) == 2


async def test_late_and_ineligible_votes_and_withdrawals_take_nothing_of_a_share() -> None:
    setup = Setup(most=1, eligibility={"team": ("red",)}, allow_change=True, allow_withdraw=True)
    for _ in range(3):
        with pytest.raises(Refused) as refused:
            await setup.vote(viewer=Viewer("blue", "cup", "viewer", 9_999_999_999, {"team": "blue"}), host="192.0.2.1")
        assert reason_of(setup.receipts.open(refused.value.members()["receipt"])) == "claims"
    await setup.withdraw()
    await setup.vote(viewer=another(2), host="192.0.2.1")
    assert setup.votes[-1]["eligible"] is True


def another(number: int) -> Viewer:
    return Viewer(f"viewer-{number}", "cup", "viewer", 9_999_999_999, {"team": "red"})


async def test_a_gateway_that_may_not_know_of_a_closing_takes_nothing() -> None:
    setup = Setup()
    setup.is_current = False
    assert (await refusal(setup.vote())).problem is problems.KAFKA_UNREACHABLE
    assert not setup.outbox.sent
    setup.is_current = True
    assert await setup.vote()


async def test_a_vote_that_waited_for_its_poll_s_lock_until_it_was_over_is_late() -> None:
    setup = Setup(closes_at=AT + 1_000)

    def hang() -> None:
        setup.now += 20_000

    setup.lock.during = hang
    assert (await refusal(setup.vote())).problem is problems.LATE_VOTE
    assert [vote["at"] for vote in setup.votes] == [AT + 20_000]
