import json
from typing import Any

import pandas as pd
from pydantic import SecretStr

from contracts import redis_keys
from jobs.settings import JobSettings
from jobs.sinks.redis_polls import TallyWriter

NUMBERS = ("voters", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
Row = tuple[str | int | list[int], ...]


def row(received: int, votes: list[int], bucket: int = 0, received_in: str | None = None, **numbers: int) -> Row:
    """Columns of `tallies` in the order in which `poll_dedup` hands them over."""
    others = (numbers.get(name, 0) for name in NUMBERS)
    padded = votes + [0] * (50 - len(votes))
    return (
        "s",
        "p",
        len(votes),
        bucket,
        received,
        *others,
        padded,
        f"eu={received}" if received_in is None else received_in,
    )


def write(url: str, *rows: Row) -> None:
    writer = TallyWriter(JobSettings(redis_url=SecretStr(url)))
    writer.open(None)
    writer.eval(*(pd.Series(column) for column in zip(*rows, strict=True)))
    writer.close()


def test_a_tally_stands_under_the_contracts_names(redis_url: str, store: Any) -> None:
    numbers = {name: 10 + place for place, name in enumerate(NUMBERS)}
    write(redis_url, row(91, [2, 3, 0], 0, None, **numbers))
    tally = store.hgetall(redis_keys.poll("s", "p"))
    assert int(tally.pop("as_of")) > 0
    assert 0 < store.ttl(redis_keys.poll("s", "p")) <= redis_keys.STREAM_TTL_S
    assert tally == {
        "option:1": "2",
        "option:2": "3",
        "option:3": "0",
        "received": "91",
        "version": "91",
        "buckets": '{"eu:0":91}',
        "is_final": "0",
        **{name: str(number) for name, number in numbers.items()},
    }


def test_an_older_tally_changes_nothing_and_says_nothing(redis_url: str, store: Any) -> None:
    write(redis_url, row(6, [2, 3, 1], voters=6))
    before = store.hgetall(redis_keys.poll("s", "p"))
    with store.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe(redis_keys.live("s"))
        listener.get_message(timeout=5)
        write(redis_url, row(5, [2, 3, 0], voters=5))
        write(redis_url, row(7, [3, 3, 1], voters=7))
        message = listener.get_message(timeout=5)
    assert message is not None
    assert json.loads(message["data"])["version"] == 7
    assert before["version"] == "6"
    assert store.hget(redis_keys.poll("s", "p"), "option:1") == "3"


def test_the_newest_row_of_a_batch_is_written(redis_url: str, store: Any) -> None:
    write(redis_url, row(3, [3, 0, 0], voters=3), row(2, [2, 0, 0], voters=2))
    assert store.hget(redis_keys.poll("s", "p"), "option:1") == "3"


def test_the_message_has_the_contracts_shape_and_the_gateways_status(redis_url: str, store: Any) -> None:
    store.hset(redis_keys.poll("s", "p"), "status", "closed")
    with store.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe(redis_keys.live("s"))
        listener.get_message(timeout=5)
        write(redis_url, row(4, [1, 1, 0], voters=2, withdrawn=1, ineligible=1))
        message = listener.get_message(timeout=5)
    assert message is not None
    body = json.loads(message["data"])
    assert body.pop("as_of") > 0
    assert body == {
        "type": "poll",
        "buckets": {"eu:0": 4},
        "stream_id": "s",
        "poll_id": "p",
        "status": "closed",
        "options": [{"id": "1", "votes": 1}, {"id": "2", "votes": 1}, {"id": "3", "votes": 0}],
        "voters": 2,
        "received": 4,
        "replaced": 0,
        "withdrawn": 1,
        "duplicate": 0,
        "late": 0,
        "invalid": 0,
        "ineligible": 1,
        "version": 4,
        "is_final": False,
    }


def test_a_poll_is_the_sum_of_its_buckets(redis_url: str, store: Any) -> None:
    write(redis_url, row(3, [3, 0, 0], voters=3, bucket=1), row(4, [1, 2, 0], voters=3, duplicate=1, bucket=2))
    write(redis_url, row(5, [3, 2, 0], voters=5, bucket=1))
    tally = store.hgetall(redis_keys.poll("s", "p"))
    assert {name: tally[name] for name in ("option:1", "option:2", "voters", "duplicate", "received", "version")} == {
        "option:1": "4",
        "option:2": "4",
        "voters": "8",
        "duplicate": "1",
        "received": "9",
        "version": "9",
    }


def test_a_bucket_that_has_heard_of_fewer_options_hides_none(redis_url: str, store: Any) -> None:
    write(redis_url, row(2, [0, 1, 1], voters=2, bucket=1), row(1, [0, 0], ineligible=1, bucket=2))
    write(redis_url, row(3, [0, 0], ineligible=3, bucket=2))
    tally = store.hgetall(redis_keys.poll("s", "p"))
    assert (tally["option:2"], tally["option:3"], tally["ineligible"], tally["received"]) == ("1", "1", "3", "5")


def test_a_replay_in_another_rhythm_never_moves_a_number_back(redis_url: str, store: Any) -> None:
    """After a crash one bucket runs ahead of the other; before it, it was the other way round."""
    write(redis_url, row(10, [10, 0, 0], voters=10, bucket=1), row(2, [0, 2, 0], voters=2, bucket=2))
    shown = store.hgetall(redis_keys.poll("s", "p"))
    write(redis_url, row(4, [4, 0, 0], voters=4, bucket=1), row(9, [0, 9, 0], voters=9, bucket=2))
    after = store.hgetall(redis_keys.poll("s", "p"))
    assert shown["option:1"] == after["option:1"] == "10"
    assert after["option:2"] == "9"
    assert after["version"] == "19"


def test_the_buckets_are_said_in_one_order_whichever_came_first(redis_url: str, store: Any) -> None:
    said = []
    for order in ((3, 12, 0), (0, 12, 3)):
        store.flushall()
        for bucket in order:
            write(redis_url, row(bucket + 1, [bucket + 1, 0, 0], bucket=bucket, voters=bucket + 1))
        said.append(store.hget(redis_keys.poll("s", "p"), "buckets"))
    assert said[0] == said[1]
    assert json.loads(said[0]) == {"eu:0": 1, "eu:3": 4, "eu:12": 13}


def test_a_tally_that_lacks_votes_of_a_region_waits_for_them(redis_url: str, store: Any) -> None:
    """After a crash two topics are read in another mixture: as many votes may be other votes."""
    key = redis_keys.poll("s", "p")
    write(redis_url, row(10, [6, 4], received_in="eu=6,us=4"))
    for received, votes, received_in in [(11, [9, 2], "eu=9,us=2"), (12, [12, 0], "eu=12"), (10, [5, 5], "eu=5,us=5")]:
        write(redis_url, row(received, votes, received_in=received_in))
        assert store.hget(key, "option:2") == "4", received_in
    write(redis_url, row(11, [7, 4], received_in="eu=7,us=4"))
    assert json.loads(store.hget(key, "buckets")) == {"eu:0": 7, "us:0": 4}
    assert (store.hget(key, "option:1"), store.hget(key, "version")) == ("7", "11")


def test_one_that_names_no_region_gives_way(redis_url: str, store: Any) -> None:
    key = redis_keys.poll("s", "p")
    store.hset(redis_keys.poll_buckets("s", "p"), "0", "10 10 0 0 0 0 0 0 6 4")
    write(redis_url, row(9, [5, 4], received_in="eu=9"))
    assert not store.exists(key), "it counts again from the beginning, and has not come so far yet"
    write(redis_url, row(10, [6, 4], received_in="eu=10"))
    assert (store.hget(key, "received"), store.hget(key, "buckets")) == ("10", '{"eu:0":10}')
    write(redis_url, row(12, [7, 5], received_in=""))
    assert store.hget(key, "received") == "10"
