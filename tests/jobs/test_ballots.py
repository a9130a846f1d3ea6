import random
from collections import Counter, defaultdict
from typing import Any

import pytest
from pyflink.table import TableEnvironment

from contracts.buckets import bucket
from contracts.choices import unpack
from jobs import ballots
from tests.jobs.conftest import Records, final_rows
from tests.jobs.votes import RULES, START, batches, count, crowd, receipt, vote, voter

OUTCOMES = ("voters", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
pytestmark = pytest.mark.flink


def tallies_of(env: TableEnvironment) -> dict[str, dict[str, Any]]:
    """The sums over the buckets of each poll."""
    names = ("received", *OUTCOMES)
    columns = f"poll_id, bucket, options, {', '.join(names)}, votes"
    tallies: dict[str, dict[str, Any]] = {}
    rows = final_rows(env.sql_query(f"SELECT {columns} FROM tallies"), 2)
    for (poll_id, _), (options, *numbers, votes) in rows.items():
        assert not any(votes[options:])
        tally = tallies.setdefault(poll_id, {"votes": [0] * 50} | dict.fromkeys(names, 0))
        for name, number in zip(names, numbers, strict=True):
            tally[name] += number
        tally["votes"] = [sum(pair) for pair in zip(tally["votes"], votes, strict=True)]
    return tallies


def tally_of(env: TableEnvironment) -> dict[str, Any]:
    """The tally of the one poll that there is."""
    [tally] = tallies_of(env).values()
    return tally


def test_ballots_and_tallies_are_what_a_dictionary_counts(env: TableEnvironment, records: Records) -> None:
    votes = crowd(seed=11)
    model = count(votes)
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    chosen: dict[str, Counter[str]] = defaultdict(Counter)
    for (poll_id, _), ballot in model.items():
        expected[poll_id].update({"received": ballot.received, **ballot.numbers})
        chosen[poll_id].update(unpack(ballot.standing["choices"]) if ballot.standing else [])
    for outcome in OUTCOMES:
        assert sum(numbers[outcome] for numbers in expected.values()) > 20, f"the crowd tries too little: {outcome}"

    ballots.define(env, [records(batches(votes))])

    columns = (
        "poll_id, voter, receipt, choices, playback_ms, first_voted_at, last_voted_at, "
        "received, replaced, duplicate, late, invalid, ineligible"
    )
    rows = final_rows(env.sql_query(f"SELECT {columns} FROM ballots"), 2)
    assert rows == {
        key: (
            ballot.standing and ballot.standing["receipt"],
            ballot.standing and ballot.standing["choices"],
            ballot.standing and ballot.standing.get("playback_ms", -1),
            min(ballot.times),
            max(ballot.times),
            ballot.received,
            *(ballot.numbers[name] for name in ("replaced", "duplicate", "late", "invalid", "ineligible")),
        )
        for key, ballot in model.items()
    }
    tallies = tallies_of(env)
    assert tallies.keys() == set(RULES)
    for poll_id, tally in tallies.items():
        votes_by_option = tally.pop("votes")
        assert tally == {name: expected[poll_id][name] for name in ("received", *OUTCOMES)}, poll_id
        assert votes_by_option == [chosen[poll_id][str(number)] for number in range(1, 51)], poll_id
        assert tally["received"] == sum(tally[name] for name in OUTCOMES)


def test_votes_are_told_apart_by_the_region_that_took_them(env: TableEnvironment, records: Records) -> None:
    choose = random.Random(5)
    made = batches([each for each in crowd(seed=12) if each["poll_id"] == "changeable"], size=3)
    regions = [choose.choice(["eu", "us", "asia-south"]) for _ in made]
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for region, batch in zip(regions, made, strict=True):
        batch["region"] = region
        for each in batch["votes"]:
            expected[each["voter"]][region] += 1
    # The members of a record may come in any order: a region behind the votes is theirs all the same.
    ballots.define(env, [records([dict(choose.sample(list(batch.items()), 4)) for batch in made])])

    assert final_rows(env.sql_query("SELECT voter, received_in FROM ballots"), 1) == {
        (name,): (text(found),) for name, found in expected.items()
    }
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for name, found in expected.items():
        sums[bucket(name)].update(found)
    assert final_rows(env.sql_query("SELECT bucket, received_in FROM tallies"), 1) == {
        (number,): (text(found),) for number, found in sums.items()
    }


def text(received: Counter[str]) -> str:
    return ",".join(f"{region}={votes}" for region, votes in sorted(received.items()))


def test_every_vote_has_an_outcome(env: TableEnvironment, records: Records) -> None:
    rules = {"deadline": START + 100, "max_choices": 2}
    votes = [
        vote(1, 1, 1, **rules),
        vote(1, 2, 2, **rules),  # duplicate
        vote(2, 101, 1, **rules),  # late, and no ballot
        vote(3, 100, 2, **rules),
        vote(3, 102, 4, **rules),  # late, after a ballot
        vote(4, 3, 8, **rules),  # no such option
        vote(5, 4, 0, **rules),  # chose nothing, and nothing may be taken back
        vote(6, 5, 7, **rules),  # chose too many
        vote(7, 6, 1, eligible=False, **rules),
        vote(8, 103, 1, eligible=False, **rules),  # late too, but first of all not eligible
        vote(9, 104, 7, eligible=False, **rules),  # late and not eligible, but first of all invalid
    ]
    ballots.define(env, [records(batches(votes))])
    tally = tally_of(env)
    assert tally.pop("votes")[:3] == [1, 1, 0]
    assert tally == {
        "received": 11,
        "voters": 2,
        "replaced": 0,
        "withdrawn": 0,
        "duplicate": 1,
        "late": 2,
        "invalid": 4,
        "ineligible": 2,
    }


def test_a_vote_that_was_taken_back_is_replaced_and_may_be_given_again(env: TableEnvironment, records: Records) -> None:
    rules = {"allow_change": True, "allow_withdraw": True}
    votes = [
        vote(1, 1, 1, **rules),
        vote(1, 2, 0, **rules),
        vote(2, 3, 2, **rules),
        vote(2, 4, 0, **rules),
        vote(2, 5, 4, **rules),
        vote(3, 6, 0, **rules),  # nothing to take back, and no ballot either
    ]
    ballots.define(env, [records(batches(votes[::-1]))])
    tally = tally_of(env)
    assert tally["votes"][:3] == [0, 0, 1]
    assert {name: tally[name] for name in ("received", "voters", "withdrawn", "replaced")} == {
        "received": 6,
        "voters": 1,
        "withdrawn": 2,
        "replaced": 3,
    }


def test_a_poll_edited_after_a_refused_vote_has_one_tally(env: TableEnvironment, records: Records) -> None:
    before = {"options": 2, "max_choices": 1, "allow_change": True, "eligible": False}
    votes = [vote(viewer, viewer, 1, **before) for viewer in range(64)]
    votes += [vote(viewer, 100 + viewer, 4) for viewer in range(64)]
    votes.append(vote(0, 200, 1))
    ballots.define(env, [records(batches(votes))])
    tally = tally_of(env)
    assert (tally["received"], tally["ineligible"], tally["voters"]) == (129, 64, 64)
    assert tally["votes"][:3] == [0, 0, 64]
    assert (tally["duplicate"], tally["replaced"]) == (1, 0), "the rules of votes that were taken decide"


def test_a_bad_vote_does_not_take_its_batch_along(env: TableEnvironment, records: Records) -> None:
    broken: dict[str, dict[str, Any]] = {
        "no-voter": {"voter": None},
        "a-short-receipt": {"receipt": "short"},
        "too-many-options": {"options": 51},
        "may-choose-nothing": {"max_choices": 0},
        "may-choose-null": {"max_choices": None},
        "may-be-taken-back-or-not": {"allow_withdraw": None},
        "may-vote-or-not": {"eligible": None},
    }
    lines: list[Any] = ["not json"]
    for poll_id, changes in broken.items():
        lines += batches([vote(1, 1, 1, poll_id=poll_id), vote(2, 2, 1, poll_id=poll_id, **changes)])
    ballots.define(env, [records(lines)])
    tallies = tallies_of(env)
    assert {poll_id: (tally["received"], tally["votes"][:2]) for poll_id, tally in tallies.items()} == dict.fromkeys(
        broken, (1, [1, 0])
    )


def test_ballots_say_what_history_keeps(env: TableEnvironment, records: Records) -> None:
    ballots.define(env, [records(batches([vote(1, 5, 4), vote(1, 3, 2), vote(1, 9, 1)]))])
    columns = "voter, receipt, choices, first_voted_at, last_voted_at, received"
    rows = final_rows(env.sql_query(f"SELECT {columns} FROM ballots"), 1)
    assert rows == {(voter(1),): (receipt(3), 2, START + 3, START + 9, 3)}


def test_a_voter_is_in_the_bucket_that_gateways_put_them_in(env: TableEnvironment, records: Records) -> None:
    ballots.define(env, [records(batches([vote(viewer, viewer, 1) for viewer in range(64)]))])
    rows = final_rows(env.sql_query("SELECT bucket, received FROM tallies"), 1)
    counts = Counter(bucket(voter(viewer)) for viewer in range(64))
    assert rows == {(number,): (received,) for number, received in counts.items()}


def test_a_voter_of_two_sources_has_one_ballot(env: TableEnvironment, records: Records) -> None:
    """The topics of two regions, as a run that ends reads them."""
    ballots.define(env, [records(batches([vote(1, 2, 1), vote(2, 3, 1)])), records(batches([vote(1, 1, 2)]))])
    tally = tally_of(env)
    assert (tally["received"], tally["voters"], tally["duplicate"]) == (3, 2, 1)
    assert tally["votes"][:2] == [1, 1], "the earlier vote stands, whichever source it is in"
