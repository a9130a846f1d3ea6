import io
import time
from dataclasses import asdict
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.final.ballot_list import AnotherList, ballot_list
from gateway.final.recount import Ballots
from gateway.history.client import History
from gateway.refusal import Refused
from ovation.recount import recount
from tests.gateway.final.stores import CROWD, NUMBERS, VOTES, Voter, digest, lines, write_history
from tests.gateway.records import poll, result

pytestmark = pytest.mark.engine


async def listed(ballots: Ballots, stream: str, name: str) -> list[bytes]:
    return b"".join([part async for part in ballots.lines(stream, name)]).splitlines(keepends=True)


async def test_each_voter_counts_once_and_every_vote_has_an_outcome(clickhouse: Any, history: History) -> None:
    write_history(clickhouse, "recount", "best", CROWD)
    write_history(clickhouse, "recount", "other", [Voter(("3",))])
    found = await Ballots(history).recount("recount", "best")
    assert asdict(found) == {"votes": VOTES, **NUMBERS}
    assert found.add_up


async def test_a_poll_without_votes_is_all_zeros(history: History) -> None:
    ballots = Ballots(history)
    assert asdict(await ballots.recount("recount", "none")) == {"votes": {}, **dict.fromkeys(NUMBERS, 0)}
    assert await listed(ballots, "recount", "none") == []
    assert await ballots.digest("recount", "none") == (digest([]), 0)


async def test_the_list_is_as_the_contract_writes_it(clickhouse: Any, history: History) -> None:
    write_history(clickhouse, "recount", "list", CROWD)
    ballots = Ballots(history)
    assert await listed(ballots, "recount", "list") == lines(CROWD)
    assert await ballots.digest("recount", "list") == (digest(CROWD), NUMBERS["voters"])


async def test_options_stand_in_the_order_of_the_poll_however_they_are_stored(
    clickhouse: Any, history: History
) -> None:
    write_history(clickhouse, "recount", "order", [Voter(("10", "9", "2"))])
    assert await listed(Ballots(history), "recount", "order") == lines([Voter(("2", "9", "10"))])


async def test_the_list_of_a_final_poll_counts_to_its_result(clickhouse: Any, history: History) -> None:
    write_history(clickhouse, "recount", "final", CROWD)
    ballots = Ballots(history)
    numbers = await ballots.recount("recount", "final")
    known = poll(stream_id="recount", poll_id="final", status="final", correct=("2",))
    known = replace(known, result=numbers.result(known, digest(CROWD)))
    text = b"".join([part async for part in ballot_list(known, ballots)])
    found = recount(io.BytesIO(text))
    assert found.differences == []
    assert (found.votes, found.voters, found.digest) == (tuple(VOTES.values()), NUMBERS["voters"], digest(CROWD))
    assert found.header["result"] == {"votes": list(VOTES.values()), **NUMBERS}
    assert found.header["correct"] == ["2"]
    assert b"voter-" not in text and b"01KEM" not in text


async def test_a_list_that_is_not_the_one_that_was_counted_breaks_off_at_its_end(
    clickhouse: Any, history: History
) -> None:
    write_history(clickhouse, "recount", "changed", CROWD)
    ballots = Ballots(history)
    known = poll(stream_id="recount", poll_id="changed", status="final")
    counted = await ballots.recount("recount", "changed")
    known = replace(known, result=counted.result(known, digest(CROWD[1:])))
    parts = []
    with pytest.raises(AnotherList):
        async for part in ballot_list(known, ballots):
            parts.append(part)
    assert b"".join(parts[1:]).splitlines(keepends=True) == lines(CROWD)


async def test_without_clickhouse_nothing_of_the_list_comes() -> None:
    history = History("http://127.0.0.1:1", "default", "")
    with pytest.raises(Refused, match="history-unreachable"):
        await anext(ballot_list(poll(status="final", result=result()), Ballots(history)))
    await history.close()


async def test_a_long_list_comes_in_parts_and_keeps_nobody_waiting(clickhouse: Any, history: History) -> None:
    clickhouse.command(
        "INSERT INTO ovation.ballots (stream_id, poll_id, voter, choices, outcome, receipt, attempts, version) "
        "SELECT 'recount', 'long', toString(number), [toString(number % 3 + 1)], 'counted', "
        "concat('01KEM', leftPad(toString(number), 21, '0')), 1, 1 FROM numbers(100000)"
    )
    started, longest, sizes = time.perf_counter(), 0.0, []
    async for part in Ballots(history).lines("recount", "long"):
        sizes.append(part.count(b"\n"))
        longest = max(longest, len(part))
    assert sum(sizes) == 100_000
    assert max(sizes) <= 8_192 and longest < 1_000_000
    assert time.perf_counter() - started < 10
