import asyncio
import time
from typing import Any

import jsonschema
import pytest

from contracts import events, schemas
from contracts.limits import MAX_VOTES_PER_RECORD
from gateway import problems
from gateway.control.table import ControlTable
from gateway.receipts.ulids import Ulids
from gateway.refusal import Refused
from gateway.voter import VoterKeys
from gateway.votes.batcher import TOO_OLD_S, VoteBatcher
from tests.gateway.fake_outbox import FakeOutbox, until
from tests.gateway.records import AT, poll

ulids = Ulids()
voters = VoterKeys(b"k", ControlTable(lambda: AT))


def vote(viewer: str) -> events.Vote:
    return {
        "stream_id": "cup",
        "poll_id": "best",
        "voter": voters.voter(poll(), viewer),
        "receipt": ulids.new(AT),
        "at": AT,
        "choices": 1,
        "options": 3,
        "max_choices": 1,
        "allow_change": False,
        "allow_withdraw": False,
        "eligible": True,
        "deadline": None,
    }


def batcher(outbox: FakeOutbox, **options: Any) -> VoteBatcher:
    defaults = {"linger_ms": 2, "deadline_ms": 5_000, "max_waiting": 1_000}
    return VoteBatcher(outbox, region="eu", edge="gw-1", **{**defaults, **options})


async def write(votes: VoteBatcher, each: events.Vote) -> None:
    """Return when the vote is in Kafka, and raise where that is not known."""
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(refused: Refused | None) -> None:
        if refused is None:
            written.set_result(None)
        else:
            written.set_exception(refused)

    votes.submit(each, done)
    await written


async def test_votes_that_come_together_share_a_valid_record() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox)
    waiting = [asyncio.create_task(write(votes, vote(f"v{number}"))) for number in range(7)]
    await until(lambda: outbox.sent)
    assert len(outbox.sent) == 1
    topic, value, key, partition = outbox.sent[0]
    assert (topic, key, partition) == ("votes", None, 0)
    assert len(value["votes"]) == 7
    jsonschema.validate(value, schemas.load("votes"))
    await outbox.acknowledge()
    await asyncio.gather(*waiting)


async def test_nobody_is_answered_before_kafka_has_the_vote() -> None:
    outbox = FakeOutbox()
    waiting = asyncio.create_task(write(batcher(outbox), vote("v")))
    await until(lambda: outbox.sent)
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await outbox.acknowledge()
    await waiting


async def test_a_voter_has_one_partition_and_the_crowd_has_all() -> None:
    outbox = FakeOutbox(partitions=4)
    votes = batcher(outbox)
    waiting = [asyncio.create_task(write(votes, vote(f"v{number % 50}"))) for number in range(100)]
    await until(lambda: sum(len(value["votes"]) for value in outbox.values) == 100)
    where: dict[str, set[int | None]] = {}
    for _, value, _, partition in outbox.sent:
        for each in value["votes"]:
            where.setdefault(each["voter"], set()).add(partition)
    assert all(len(partitions) == 1 for partitions in where.values())
    assert len({partition for _, _, _, partition in outbox.sent}) == 4
    await outbox.acknowledge()
    await asyncio.gather(*waiting)


async def test_a_full_batch_does_not_wait() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox, linger_ms=100, max_waiting=2_000)
    waiting = [asyncio.create_task(write(votes, vote(str(number)))) for number in range(MAX_VOTES_PER_RECORD + 1)]
    await asyncio.sleep(0)
    assert [len(value["votes"]) for value in outbox.values] == [MAX_VOTES_PER_RECORD]
    await until(lambda: len(outbox.sent) == 2)
    await outbox.acknowledge()
    await asyncio.gather(*waiting)


@pytest.mark.parametrize("outcome", ["refuse", "lose_track"])
async def test_a_record_that_failed_is_answered_503(outcome: str) -> None:
    outbox = FakeOutbox()
    waiting = asyncio.create_task(write(batcher(outbox), vote("v")))
    await until(lambda: outbox.sent)
    await getattr(outbox, outcome)()
    with pytest.raises(Refused) as refused:
        await waiting
    assert refused.value.problem.name == "kafka-unreachable"


async def test_without_an_answer_the_deadline_decides() -> None:
    outbox = FakeOutbox()
    with pytest.raises(Refused) as refused:
        await write(batcher(outbox, deadline_ms=100), vote("v"))
    assert refused.value.problem.name == "kafka-unreachable"
    await outbox.acknowledge()  # Too late to matter.


async def test_too_many_waiting_votes_are_refused() -> None:
    outbox = FakeOutbox()
    votes = batcher(outbox, max_waiting=1)
    first = asyncio.create_task(write(votes, vote("a")))
    await until(lambda: outbox.sent)
    with pytest.raises(Refused) as refused:
        await write(votes, vote("b"))
    assert refused.value.problem.name == "too-much-waiting"
    await outbox.acknowledge()
    await first
    second = asyncio.create_task(write(votes, vote("b")))
    await until(lambda: len(outbox.sent) == 2)
    await outbox.acknowledge()
    await second


async def test_while_a_record_is_on_its_way_votes_gather_for_the_next() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox, linger_ms=0)
    first = asyncio.create_task(write(votes, vote("a")))
    await until(lambda: len(outbox.sent) == 1)
    others = []
    for number in range(5):
        others.append(asyncio.create_task(write(votes, vote(str(number)))))
        await asyncio.sleep(0)
    await outbox.acknowledge()
    await first
    assert [len(value["votes"]) for value in outbox.values] == [1, 5]
    await outbox.acknowledge()
    await asyncio.gather(*others)


async def test_a_quick_answer_does_not_make_small_records() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox, linger_ms=20)
    first = asyncio.create_task(write(votes, vote("a")))
    await until(lambda: len(outbox.sent) == 1)
    others = [asyncio.create_task(write(votes, vote("b")))]
    await asyncio.sleep(0)
    await outbox.acknowledge()
    await first
    others.append(asyncio.create_task(write(votes, vote("c"))))
    await until(lambda: len(outbox.sent) == 2)
    assert [len(value["votes"]) for value in outbox.values] == [1, 2]
    await outbox.acknowledge()
    await asyncio.gather(*others)


async def test_a_record_that_stays_away_does_not_hold_up_the_next_for_long() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox, linger_ms=0)
    waiting = [asyncio.create_task(write(votes, vote("a")))]
    await until(lambda: len(outbox.sent) == 1)
    waiting.append(asyncio.create_task(write(votes, vote("b"))))
    await until(lambda: len(outbox.sent) == 2)
    await outbox.acknowledge()
    await asyncio.gather(*waiting)


async def test_one_who_cannot_be_told_does_not_keep_the_others_from_it() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox, max_waiting=2)
    told: list[Refused | None] = []

    def fails(_: Refused | None) -> None:
        raise ValueError("a fault of ours")

    votes.submit(vote("a"), fails)
    votes.submit(vote("b"), told.append)
    await until(lambda: outbox.sent)
    await outbox.acknowledge()
    assert told == [None]
    # Neither of them waits any more.
    votes.submit(vote("c"), told.append)
    votes.submit(vote("d"), told.append)


async def test_votes_that_waited_while_the_process_hung_are_not_sent() -> None:
    outbox = FakeOutbox(partitions=1)
    votes = batcher(outbox, linger_ms=20)
    waiting = asyncio.create_task(write(votes, vote("ana")))
    await asyncio.sleep(0)
    time.sleep(TOO_OLD_S + 0.05)  # noqa: ASYNC251 - nothing runs meanwhile, as in a process that is stopped
    with pytest.raises(Refused) as refused:
        await waiting
    assert refused.value.problem is problems.KAFKA_UNREACHABLE
    assert outbox.sent == []
    again = asyncio.create_task(write(votes, vote("ana")))
    await until(lambda: outbox.sent, 1)
    await outbox.acknowledge()
    await again
