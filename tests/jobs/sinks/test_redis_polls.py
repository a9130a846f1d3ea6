import json
from typing import Any

import pandas as pd

from contracts import redis_keys
from jobs.sinks.redis_polls import TallyWriter

Row = tuple[str, str, int, int, int, int, int, int, int, list[int | None]]


def row(received: int, votes: list[int | None], voters: int = 0, duplicate: int = 0) -> Row:
    return ("s", "p", 3, voters, received, 0, duplicate, 0, 0, votes + [None] * 47)


def write(url: str, *rows: Row) -> None:
    writer = TallyWriter(url)
    writer.open(None)
    writer.eval(*(pd.Series(column) for column in zip(*rows, strict=True)))
    writer.close()


def test_a_tally_stands_under_the_contracts_names(redis_url: str, store: Any) -> None:
    write(redis_url, row(6, [2, 3, None], voters=5, duplicate=1))
    tally = store.hgetall(redis_keys.poll("s", "p"))
    assert int(tally.pop("as_of")) > 0
    assert 0 < store.ttl(redis_keys.poll("s", "p")) <= redis_keys.STREAM_TTL_S
    assert tally == {
        "option:1": "2",
        "option:2": "3",
        "option:3": "0",
        "voters": "5",
        "received": "6",
        "replaced": "0",
        "duplicate": "1",
        "late": "0",
        "invalid": "0",
        "version": "6",
        "is_final": "0",
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
        write(redis_url, row(2, [1, 1, None], voters=2))
        message = listener.get_message(timeout=5)
    assert message is not None
    body = json.loads(message["data"])
    assert body.pop("as_of") > 0
    assert body == {
        "type": "poll",
        "stream_id": "s",
        "poll_id": "p",
        "status": "closed",
        "options": [{"id": "1", "votes": 1}, {"id": "2", "votes": 1}, {"id": "3", "votes": 0}],
        "voters": 2,
        "received": 2,
        "replaced": 0,
        "duplicate": 0,
        "late": 0,
        "invalid": 0,
        "version": 2,
        "is_final": False,
    }
