import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from ovation.addresses import Addresses
from ovation.audience import receipts
from ovation.audience.ledger import Ledger
from ovation.audience.voters import voting
from ovation.audience.voters.plan import VotingPlan
from ovation.audience.voters.report import Report, conclusion, lines
from ovation.audience.voters.run import Wishes, run
from ovation.audience.voters.tokens import TokenSecret
from ovation.client.backoff import Backoff
from ovation.recount import recount
from tests.ovation.audience.voters.deployment import Deployment

PLAN = VotingPlan(
    voters=200,
    votes_per_second=2_000,
    retries=0.2,
    changes=0.1,
    withdrawals=0.05,
    late=0.1,
    ineligible=0.05,
)
LOCKED = VotingPlan(voters=200, votes_per_second=2_000, retries=0.3, changes=0, withdrawals=0, ineligible=0)
WISHES = Wishes(receipts=100, final_wait_s=5, stores=False, secret=TokenSecret(token_secret=SecretStr("s" * 40)))


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voting, "AFTER_THE_DEADLINE_S", 0.02)
    monkeypatch.setattr(receipts, "POLL_S", 0.001)
    monkeypatch.setattr(Backoff, "next", lambda self: 0.001)


async def voted(deployment: Deployment, plan: VotingPlan = PLAN, wishes: Wishes = WISHES, gateways: int = 3) -> Report:
    async with deployment.gateways(gateways) as urls:
        done = await run(Addresses.model_construct(), urls, plan, wishes)
    await asyncio.sleep(0)
    return done


async def test_a_vote_that_is_counted_rightly_is_found_right() -> None:
    done = await voted(Deployment())
    assert done.good, (done.wrong, done.numbers)
    assert conclusion(done) == "ledger = recount = gateway 1 = gateway 2 = gateway 3, outcome by outcome."
    # 10 ineligible; of 20 late ones 10 have voted in time; the others all vote, and 10 take it back.
    expected = {"late": "20", "ineligible": "10", "withdrawn": "10", "voters": "170", "duplicate": "0"}
    for name, number in expected.items():
        assert set(done.numbers[name].values()) == {number}, name
    assert done.votes.refused == done.votes.unanswered == 0
    assert done.receipts.asked == 100
    assert done.receipt_told_ms.count > 20
    assert any("p99" in line for line in lines(done))


async def test_in_a_poll_without_changes_what_is_sent_again_is_a_duplicate_unless_it_has_its_key() -> None:
    done = await voted(Deployment(), LOCKED, gateways=1)
    assert done.good, (done.wrong, done.numbers)
    assert set(done.numbers["replaced"].values()) == {"0"}
    duplicates = int(done.numbers["duplicate"]["ledger"])
    assert 10 < duplicates < 50


async def test_lost_answers_leave_doubt_but_no_fault() -> None:
    done = await voted(Deployment(hangs_up=lambda number: number % 20 == 0))
    assert done.good, (done.wrong, done.numbers)
    assert done.votes.unanswered > 5
    assert "-" in done.numbers["received"]["ledger"]


async def test_who_is_told_to_come_back_does_and_has_voted_once() -> None:
    done = await voted(Deployment(refuses=lambda number: number % 10 == 0))
    assert done.good, (done.wrong, done.numbers)
    assert done.votes.put_off > 10
    assert done.votes.unanswered == 0


async def test_a_vote_that_was_promised_and_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "PATIENCE_S", 0.01)
    # Ten, because one may be a repeat that is known by its key, and nothing is lost then.
    done = await voted(Deployment(forgets=lambda number: 100 <= number < 110), LOCKED)
    assert not done.good
    assert not done.agrees
    assert conclusion(done) == "The accounts differ."


async def test_a_receipt_that_tells_what_cannot_be_is_found() -> None:
    done = await voted(Deployment(lies=True))
    assert done.agrees
    assert not done.good
    assert "where only" in conclusion(done)


async def test_a_result_that_does_not_become_final_is_a_failure() -> None:
    wishes = replace(WISHES, receipts=0, final_wait_s=0.1)
    done = await voted(Deployment(becomes_final=False), wishes=wishes)
    assert (done.agrees, done.good, done.digest) == (True, False, None)
    assert "was not final in time" in conclusion(done)


async def test_the_ledger_and_the_list_of_ballots_are_kept_where_they_are_wanted(tmp_path: Path) -> None:
    kept, listed = tmp_path / "ledger.json", tmp_path / "ballots.ndjson"
    wishes = replace(WISHES, receipts=0, ledger=kept, ballots=listed)
    done = await voted(Deployment(), LOCKED, wishes)
    ((poll_id, ballots),) = Ledger.read(kept).streams[done.stream_id].polls.items()
    assert (poll_id, len(ballots.voters)) == ("p", 200)
    with listed.open("rb") as file:
        assert recount(file).digest == done.digest
