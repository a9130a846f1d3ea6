import json
from typing import Any

import pandas as pd
from pydantic import SecretStr

from contracts import redis_keys
from jobs.settings import JobSettings
from jobs.sinks.redis_polls import TallyWriter

NUMBERS = ("voters", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
Row = tuple[str | int | list[int], ...]


def row(received: int, votes: list[int], bucket: int = 0, **numbers: int) -> Row:
    """Columns of `tallies` in the order in which `poll_dedup` hands them over."""
    others = (numbers.get(name, 0) for name in NUMBERS)
    return ("s", "p", len(votes), bucket, received, *others, votes + [0] * (50 - len(votes)))


def write(url: str, *rows: Row) -> None:
    writer = TallyWriter(JobSettings(redis_url=SecretStr(url)))
    writer.open(None)
    writer.eval(*(pd.Series(column) for column in zip(*rows, strict=True)))
    writer.close()


def test_a_tally_stands_under_the_contracts_names(redis_url: str, store: Any) -> None:
    numbers = {name: 10 + place for place, name in enumerate(NUMBERS)}
    write(redis_url, row(91, [2, 3, 0], **numbers))
    tally = store.hgetall(redis_keys.poll("s", "p"))
    assert int(tally.pop("as_of")) > 0
    assert 0 < store.ttl(redis_keys.poll("s", "p")) <= redis_keys.STREAM_TTL_S
    assert tally == {
        "option:1": "2",
        "option:2": "3",
        "option:3": "0",
        "received": "91",
        "version": "91",
        "buckets": '{"0":91}',
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
        "buckets": {"0": 4},
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
    assert json.loads(said[0]) == {"0": 1, "3": 4, "12": 13}
