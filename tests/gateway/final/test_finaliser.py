import asyncio
import time
from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from gateway import metrics, problems
from gateway.clock import now_ms
from gateway.control.table import ControlTable
from gateway.final import finaliser
from gateway.final.attempt import Case, Outcome
from gateway.final.finaliser import Finaliser
from gateway.final.numbers import Accounts, Numbers
from gateway.refusal import Refused
from tests.gateway.fake_outbox import until
from tests.gateway.final.stores import NUMBERS
from tests.gateway.records import poll


class Attempts:
    """Stands for the attempts: takes what shall come of each in turn, and then the last one again."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self._outcomes = list(outcomes)
        self.at: list[float] = []
        self.cases: list[Case] = []

    async def __call__(self, case: Case) -> Outcome:
        self.at.append(time.monotonic())
        self.cases.append(case)
        outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        if outcome == "different":
            live = Numbers(votes={"1": 3}, **{**NUMBERS, "voters": 3})
            case.before = Accounts(live, Numbers(votes={"1": 2}, **{**NUMBERS, "voters": 2}))
        return outcome

    @property
    def waits(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False)]


@pytest.fixture
def table() -> ControlTable:
    table = ControlTable(now_ms)
    table.ready = True
    return table


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that a test has time for."""
    for name, value in (("_SPREAD_S", 0.0), ("_FIRST_WAIT_S", 0.05), ("_TAKEN_WAIT_S", 0.05)):
        monkeypatch.setattr(finaliser, name, value)


def closed(ago_ms: int = 60_000, **changes: Any) -> Any:
    return poll(status="closed", closed_at=now_ms() - ago_ms, **changes)


async def test_it_waits_until_every_vote_in_time_is_in_kafka(table: ControlTable) -> None:
    attempts = Attempts("behind")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=200)
    # Grace 500 ms, deadline 200 ms, and the margin; all but 200 ms of that are over.
    table.apply(closed(ago_ms=500 + finaliser._MARGIN_MS))
    await asyncio.sleep(0.15)
    assert attempts.at == []
    await until(lambda: attempts.at, 1)
    await found.close()


async def test_what_was_closed_before_the_gateway_began_is_tried_once_the_log_is_read(table: ControlTable) -> None:
    table.ready = False
    attempts = Attempts("behind")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=100)
    table.apply(closed(poll_id="a"))
    table.apply(closed(poll_id="b"))
    table.apply(poll(poll_id="b", revision=2, status="final"))
    table.apply(poll(poll_id="c"))
    await asyncio.sleep(0.2)
    assert attempts.at == []
    table.ready = True
    await until(lambda: len(attempts.at) >= 2, 2)
    assert {case.poll.poll_id for case in attempts.cases} == {"a"}
    await found.close()


async def test_it_tries_again_after_waits_that_grow_to_a_bound(
    table: ControlTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finaliser, "_LONGEST_WAIT_S", 0.2)
    attempts = Attempts("behind")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=100)
    table.apply(closed())
    await until(lambda: len(attempts.at) == 8, 5)
    await found.close()
    assert attempts.waits[0] < attempts.waits[2] < attempts.waits[3]
    assert 0.05 <= attempts.waits[0] < 0.12
    assert all(0.19 <= wait < 0.5 for wait in attempts.waits[4:])
    assert len({id(case) for case in attempts.cases}) == 1


@pytest.mark.parametrize(
    "error",
    [
        Refused(problems.HISTORY_UNREACHABLE),
        Refused(problems.KAFKA_UNREACHABLE),
        RedisConnectionError("away"),
        KafkaTimeoutError("away"),
        TimeoutError(),
        ConnectionResetError(),
        ValueError("a mistake"),
    ],
)
async def test_it_survives_what_is_away_and_what_is_wrong(table: ControlTable, error: Exception) -> None:
    attempts = Attempts(error, error, "behind")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=100)
    table.apply(closed())
    await until(lambda: len(attempts.at) >= 3, 5)
    await found.close()


async def test_a_poll_that_is_final_or_cancelled_is_tried_no_more(table: ControlTable) -> None:
    attempts = Attempts("behind")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=100)
    for number, status in enumerate(("final", "cancelled")):
        table.apply(closed(poll_id=status))
        assert metrics.POLLS_NOT_FINAL._value.get() == 1
        await until(lambda number=number: len(attempts.at) > number, 5)
        table.apply(poll(poll_id=status, revision=2, status=status))
        assert metrics.POLLS_NOT_FINAL._value.get() == 0
        tried = len(attempts.at)
        await asyncio.sleep(0.15)
        assert len(attempts.at) == tried
    await found.close()


async def test_a_difference_is_an_alarm_with_both_numbers_until_it_is_gone(table: ControlTable) -> None:
    attempts = Attempts("different", "taken", "different", "moving", "different", "behind")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=100)
    shown: list[float] = []
    told: list[dict[str, Accounts | None]] = []
    with capture_logs() as logs:
        table.apply(closed())
        for number in range(1, 7):
            await until(lambda number=number: len(attempts.at) >= number, 5)
            await asyncio.sleep(0.01)
            shown.append(metrics.RECOUNT_MISMATCH._value.get())
            told.append(found.waiting("cup"))
    assert shown == [1, 1, 1, 0, 1, 1]
    assert [each["best"] is not None for each in told] == [True, True, True, False, True, True]
    assert told[0]["best"] == attempts.cases[0].before
    assert found.waiting("another") == {}
    errors = [entry for entry in logs if entry["log_level"] == "error"]
    assert len(errors) == 3
    assert (errors[0]["live"]["votes"], errors[0]["recount"]["votes"]) == ({"1": 3}, {"1": 2})
    assert errors[0]["live"].keys() == errors[0]["recount"].keys() == {"votes", *NUMBERS}
    assert (errors[0]["stream_id"], errors[0]["poll_id"]) == ("cup", "best")
    table.apply(poll(revision=2, status="final"))
    assert metrics.RECOUNT_MISMATCH._value.get() == 0
    assert found.waiting("cup") == {}
    await found.close()


async def test_a_log_that_is_read_again_begins_anew(table: ControlTable) -> None:
    attempts = Attempts("different")
    found = Finaliser(table, attempts, now_ms, vote_deadline_ms=100)
    table.apply(closed())
    await until(lambda: attempts.at, 5)
    table.clear()
    assert (metrics.POLLS_NOT_FINAL._value.get(), metrics.RECOUNT_MISMATCH._value.get()) == (0, 0)
    tried = len(attempts.at)
    await asyncio.sleep(0.15)
    assert len(attempts.at) == tried
    table.ready = True
    table.apply(closed())
    await until(lambda: len(attempts.at) > tried, 5)
    await found.close()


async def test_closing_gives_up_what_is_under_way(table: ControlTable) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def attempt(_: Case) -> Outcome:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return "behind"

    found = Finaliser(table, attempt, now_ms, vote_deadline_ms=100)
    table.apply(closed())
    await asyncio.wait_for(begun.wait(), 5)
    await asyncio.wait_for(found.close(), 5)
    assert ended.is_set()


async def test_a_thousand_polls_that_close_together_are_tried_a_few_at_a_time(table: ControlTable) -> None:
    under_way, most, done = 0, 0, 0

    async def attempt(case: Case) -> Outcome:
        nonlocal under_way, most, done
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        done += 1
        table.apply(poll(poll_id=case.poll.poll_id, revision=2, status="final"))
        return "final"

    found = Finaliser(table, attempt, now_ms, vote_deadline_ms=100)
    for number in range(1_000):
        table.apply(closed(poll_id=f"poll-{number}"))
    await until(lambda: done == 1_000, 20)
    assert 1 < most <= 4
    await found.close()
