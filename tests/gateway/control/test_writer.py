import asyncio
from functools import partial

import pytest
from msgspec.structs import replace

from gateway import problems
from gateway.control import changes
from gateway.control.model import Poll
from gateway.refusal import Refused
from tests.gateway.control.the_log import Log
from tests.gateway.fake_outbox import until
from tests.gateway.records import AT, api_key, poll

EXISTS = Refused(problems.POLL_EXISTS)


def asking(question: str, of: Poll) -> Poll:
    return replace(of, question=question)


async def problem_of(work: object) -> str:
    with pytest.raises(Refused) as refused:
        await work  # type: ignore[misc]
    return refused.value.problem.name


async def test_of_two_that_create_the_same_one_does() -> None:
    log = Log()
    (one, writer_1), (two, writer_2) = log.gateway("gw-1"), log.gateway("gw-2")
    log.held = True
    creating = asyncio.gather(
        writer_1.create(poll(edge="gw-1"), EXISTS), writer_2.create(poll(edge="gw-2"), EXISTS), return_exceptions=True
    )
    await until(lambda: log.waiting == 2)
    log.release()
    assert list(await creating) == [poll(edge="gw-1"), EXISTS]
    assert one.poll("cup", "best") == two.poll("cup", "best") == poll(edge="gw-1")
    assert await problem_of(writer_1.create(poll(question="Again?"), EXISTS)) == "poll-exists"
    assert await writer_2.create(poll(question="Again?"), None) == poll(edge="gw-1")


async def test_a_step_that_lost_is_taken_again_on_what_stands() -> None:
    log = Log()
    (one, writer_1), (two, writer_2) = log.gateway("gw-1"), log.gateway("gw-2")
    log.append(poll(status="draft", opened_at=None))
    log.held = True
    opening = asyncio.create_task(writer_1.change(poll(), lambda each: changes.open_poll(each, AT)))
    await until(lambda: log.waiting == 1)
    asking_again = asyncio.create_task(writer_2.change(poll(), partial(asking, "Why?")))
    await until(lambda: log.waiting == 2)
    log.release()
    assert (await opening).is_own
    written = await asking_again
    assert (written.record.question, written.record.status, written.record.revision) == ("Why?", "open", 3)
    assert written.is_own
    assert one.poll("cup", "best") == two.poll("cup", "best") == written.record


async def test_with_a_precondition_it_is_not_taken_again() -> None:
    log = Log()
    (_, writer_1), (_, writer_2) = log.gateway("gw-1"), log.gateway("gw-2")
    log.append(poll())
    log.held = True
    edits = asyncio.gather(
        *(
            writer.change(poll(), partial(asking, question), only={1})
            for writer, question in ((writer_1, "One?"), (writer_2, "Two?"))
        ),
        return_exceptions=True,
    )
    await until(lambda: log.waiting == 2)
    log.release()
    won, lost = await edits
    assert not isinstance(won, BaseException)
    assert won.record.question == "One?"
    assert isinstance(lost, Refused)
    assert lost.problem.name == "precondition-failed"
    assert await problem_of(writer_1.change(poll(), lambda each: each, only={1})) == "precondition-failed"


async def test_who_came_second_learns_that_it_was_not_its_own() -> None:
    log = Log()
    (_, writer_1), (_, writer_2) = log.gateway("gw-1"), log.gateway("gw-2")
    log.append(poll())
    log.held = True
    closing = asyncio.gather(
        *(writer.change(poll(), lambda each: changes.close_poll(each, AT)) for writer in (writer_1, writer_2))
    )
    await until(lambda: log.waiting == 2)
    log.release()
    first, second = await closing
    assert (first.is_own, second.is_own) == (True, False)
    assert first.record == second.record


async def test_what_changes_nothing_is_not_written() -> None:
    log = Log()
    _, writer = log.gateway("gw-1")
    log.append(poll())
    written = await writer.change(poll(), lambda each: changes.open_poll(each, AT))
    assert (written.is_own, written.record.revision, len(log.records)) == (False, 1, 1)


async def test_who_always_comes_too_late_is_told_so() -> None:
    log = Log()
    _, writer = log.gateway("gw-1")
    log.append(poll())

    async def be_faster(before: Poll, _after: Poll) -> None:
        log.append(replace(before, edge="gw-2", revision=before.revision + 1))

    assert await problem_of(writer.change(poll(), partial(asking, "Why?"), admit=be_faster)) == "conflict"


async def test_who_is_not_admitted_writes_nothing() -> None:
    log = Log()
    _, writer = log.gateway("gw-1")
    log.append(poll())

    async def refuse(_before: Poll, _after: Poll) -> None:
        raise Refused(problems.LOCKED_POLL)

    assert await problem_of(writer.change(poll(), partial(asking, "Why?"), admit=refuse)) == "locked-poll"
    assert len(log.records) == 1


async def test_callers_of_one_gateway_do_not_meet_in_the_log() -> None:
    log = Log()
    table, writer = log.gateway("gw-1")
    log.append(poll())
    await asyncio.gather(*(writer.change(poll(), partial(asking, f"Question {number}?")) for number in range(20)))
    assert [record.revision for record in log.records] == list(range(1, 22))
    assert table.poll("cup", "best").revision == 21


async def test_without_kafka_the_caller_is_told_in_time_and_the_next_one_may_try() -> None:
    log = Log()
    _, writer = log.gateway("gw-1", deadline_s=0.05)
    log.append(poll())
    log.held = True
    assert await problem_of(writer.change(poll(), partial(asking, "Why?"))) == "kafka-unreachable"
    assert await problem_of(writer.create(api_key(), EXISTS)) == "kafka-unreachable"
    log.release()
    assert (await writer.change(poll(), partial(asking, "Why not?"))).record.question == "Why not?"


async def test_nothing_is_created_before_everything_is_read() -> None:
    log = Log()
    table, writer = log.gateway("gw-1")
    table.ready = False
    assert await problem_of(writer.create(poll(), EXISTS)) == "starting"
    assert log.records == []


async def test_nothing_is_moved_before_everything_is_read() -> None:
    log = Log()
    log.append(poll(region="eu"))
    table, writer = log.gateway("gw-1", region="us", other_regions=("eu",))
    table.ready = False
    assert await problem_of(writer.move_here(poll(region="eu"))) == "starting"
    assert len(log.records) == 1
    table.ready = True
    assert (await writer.move_here(poll(region="eu"))).region == "us"
