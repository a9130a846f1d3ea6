import random
from collections import Counter
from typing import Any

import pytest
from pyflink.table import TableEnvironment

from contracts.buckets import ALPHABET, bucket
from contracts.choices import unpack
from contracts.events import Vote, VotesRecord
from jobs import poll_dedup
from tests.jobs.conftest import Records, final_rows

START = 1_763_800_000_000
pytestmark = pytest.mark.flink


def voter(viewer: int) -> str:
    return f"{ALPHABET[viewer % len(ALPHABET)]}-voter-{viewer:014d}"


def receipt(number: int) -> str:
    return f"{number:026d}"


def vote(viewer: int, number: int, choices: int, **changes: Any) -> Vote:
    base: Vote = {
        "stream_id": "s",
        "poll_id": "p",
        "voter": voter(viewer),
        "receipt": receipt(number),
        "at": START + number,
        "choices": choices,
        "options": 3,
        "allow_change": False,
        "closes_at": None,
    }
    return {**base, **changes}  # type: ignore[typeddict-item]


def batches(votes: list[Vote], size: int = 7) -> list[VotesRecord]:
    parts = (votes[start : start + size] for start in range(0, len(votes), size))
    return [{"v": 1, "region": "eu", "edge": "gw-1", "votes": part} for part in parts]


def tally_of(env: TableEnvironment) -> dict[str, Any]:
    """The sums over the buckets of the one poll that there is."""
    names = ("voters", "received", "replaced", "duplicate", "late", "invalid")
    rows = final_rows(env.sql_query(f"SELECT stream_id, poll_id, bucket, {', '.join(names)}, votes FROM tallies"), 3)
    assert {key[:2] for key in rows} == {("s", "p")}
    tally: dict[str, Any] = {name: sum(row[place] for row in rows.values()) for place, name in enumerate(names)}
    votes = zip(*(row[-1] for row in rows.values()), strict=True)
    return {**tally, "votes": [sum(counts) for counts in votes]}


@pytest.mark.parametrize("allow_change", [False, True])
def test_one_ballot_per_voter_whatever_the_order(env: TableEnvironment, records: Records, allow_change: bool) -> None:
    choose = random.Random(7)
    votes = [
        vote(choose.randrange(200), number, choose.choice([1, 2, 3, 4, 5]), allow_change=allow_change)
        for number in range(1_000)
    ]
    ballots: dict[str, int] = {}
    for one in votes:
        if allow_change or one["voter"] not in ballots:
            ballots[one["voter"]] = one["choices"]
    counts = Counter(option for choices in ballots.values() for option in unpack(choices))
    choose.shuffle(votes)

    poll_dedup.define(env, records(batches(votes)))

    tally = tally_of(env)
    assert tally["votes"][:3] == [counts[option] for option in "123"]
    assert not any(tally["votes"][3:])
    assert tally["voters"] == len(ballots)
    assert tally["received"] == len(votes)
    again = len(votes) - len(ballots)
    assert (tally["replaced"], tally["duplicate"]) == ((again, 0) if allow_change else (0, again))


def test_every_vote_has_an_outcome(env: TableEnvironment, records: Records) -> None:
    closes = {"closes_at": START + 100}
    votes = [
        vote(1, 1, 1, **closes),
        vote(1, 2, 2, **closes),  # duplicate
        vote(2, 101, 1, **closes),  # late, and no ballot
        vote(3, 100, 2, **closes),
        vote(3, 102, 4, **closes),  # late, after a ballot
        vote(4, 3, 8, **closes),  # no such option
        vote(5, 4, 0, **closes),  # chose nothing
    ]
    poll_dedup.define(env, records(batches(votes)))
    tally = tally_of(env)
    assert tally["votes"][:3] == [1, 1, 0]
    assert {name: tally[name] for name in ("voters", "received", "replaced", "duplicate", "late", "invalid")} == {
        "voters": 2,
        "received": 7,
        "replaced": 0,
        "duplicate": 1,
        "late": 2,
        "invalid": 2,
    }


def test_a_bad_vote_does_not_take_its_batch_along(env: TableEnvironment, records: Records) -> None:
    lines = [
        "not json",
        *batches([vote(1, 1, 1), vote(2, 2, 1, voter=None), vote(3, 3, 2, receipt="short"), vote(4, 4, 2, options=51)]),
    ]
    poll_dedup.define(env, records(lines))
    tally = tally_of(env)
    assert (tally["received"], tally["votes"][:2]) == (1, [1, 0])


def test_ballots_say_what_history_keeps(env: TableEnvironment, records: Records) -> None:
    poll_dedup.define(env, records(batches([vote(1, 5, 4), vote(1, 3, 2), vote(1, 9, 1)])))
    columns = "voter, receipt, choices, first_voted_at, last_voted_at, received"
    rows = final_rows(env.sql_query(f"SELECT {columns} FROM ballots"), 1)
    assert rows == {(voter(1),): (receipt(3), 2, START + 3, START + 9, 3)}


def test_a_voter_is_in_the_bucket_that_gateways_put_them_in(env: TableEnvironment, records: Records) -> None:
    poll_dedup.define(env, records(batches([vote(viewer, viewer, 1) for viewer in range(64)])))
    rows = final_rows(env.sql_query("SELECT bucket, received FROM tallies"), 1)
    counts = Counter(bucket(voter(viewer)) for viewer in range(64))
    assert rows == {(number,): (received,) for number, received in counts.items()}
