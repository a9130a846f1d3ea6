import json
from typing import Any

import pandas as pd
from pydantic import SecretStr

from contracts import redis_keys
from contracts.traces import trace_id
from jobs.settings import JobSettings
from jobs.sinks.redis_reactions import ReactionsWriter, gather
from tests.collector import collecting

START = 1_763_800_000_000
LATER = START + 1_000


def write(where: str | JobSettings, rows: list[tuple[str, int, dict[str, int]]], *, totals: bool) -> None:
    settings = where if isinstance(where, JobSettings) else JobSettings(redis_url=SecretStr(where))
    writer = ReactionsWriter(settings, totals=totals)
    writer.open(None)
    texts = [(stream_id, start, json.dumps(counts)) for stream_id, start, counts in rows]
    columns = (pd.Series(column) for column in zip(*texts, strict=True))
    assert writer.eval(*columns).tolist() == [True] * len(rows)
    writer.close()


def test_a_batch_keeps_the_largest_count_of_each() -> None:
    rows = [
        ("s", START, '{"🔥":3}'),
        ("s", START, '{"🔥":5,"👏":2}'),
        ("s", LATER, '{"🔥":1}'),
        ("s", START, '{"👏":1}'),
    ]
    counts = gather(rows, totals=False)["s"]
    assert counts.windows == {START: {"🔥": 5, "👏": 2}, LATER: {"🔥": 1}}
    assert counts.newest == LATER


def test_a_traced_window_tells_how_long_redis_took(redis_url: str, store: Any) -> None:
    with collecting() as collector:
        settings = JobSettings(redis_url=SecretStr(redis_url), otlp_endpoint=collector.url, trace_one_in=1)
        write(settings, [("s", START, {"🔥": 3, "👏": 1}), ("s", LATER, {"👏": 2})], totals=False)
        write(settings, [("s", LATER, {"🔥": 30})], totals=True)
    spans = [(span.trace_id, span.name, span.attributes["taps"]) for span in collector.spans]
    assert spans == [(trace_id("s", START), "into Redis", 4), (trace_id("s", LATER), "into Redis", 2)]


def test_windows_and_totals_stand_under_the_contracts_keys(redis_url: str, store: Any) -> None:
    write(redis_url, [("s", START, {"🔥": 3}), ("s", LATER, {"👏": 1})], totals=False)
    write(redis_url, [("s", LATER, {"🔥": 30, "👏": 9})], totals=True)
    assert store.hgetall(redis_keys.reactions("s")) == {"🔥": "30", "👏": "9"}
    assert store.hgetall(redis_keys.reactions_window("s", START // 1000)) == {"🔥": "3"}
    assert store.hgetall(redis_keys.reactions_window("s", LATER // 1000)) == {"👏": "1"}
    assert 0 < store.ttl(redis_keys.reactions_window("s", START // 1000)) <= redis_keys.WINDOW_TTL_S
    assert redis_keys.WINDOW_TTL_S < store.ttl(redis_keys.reactions("s")) <= redis_keys.STREAM_TTL_S


def test_a_replay_never_moves_a_count_back(redis_url: str, store: Any) -> None:
    write(redis_url, [("s", START, {"🔥": 30})], totals=True)
    write(redis_url, [("s", START, {"🔥": 12})], totals=True)
    assert store.hget(redis_keys.reactions("s"), "🔥") == "30"


def test_the_message_says_what_stands_afterwards(redis_url: str, store: Any) -> None:
    write(redis_url, [("s", START, {"👏": 4})], totals=False)
    with store.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe(redis_keys.live("s"))
        listener.get_message(timeout=5)
        write(redis_url, [("s", START, {"🔥": 7})], totals=True)
        message = listener.get_message(timeout=5)
    assert message is not None
    body = json.loads(message["data"])
    assert body.pop("as_of") > START
    assert body == {
        "type": "reactions",
        "stream_id": "s",
        "totals": {"🔥": 7},
        "window": {"start": START, "counts": {"👏": 4}},
    }


def test_an_emptied_redis_takes_the_script_again(redis_url: str, store: Any) -> None:
    writer = ReactionsWriter(JobSettings(redis_url=SecretStr(redis_url)), totals=True)
    writer.open(None)
    one = [pd.Series([value]) for value in ("s", START, '{"🔥":1}')]
    writer.eval(*one)
    store.flushall()
    store.script_flush()
    writer.eval(*one)
    writer.close()
    assert store.hget(redis_keys.reactions("s"), "🔥") == "1"
