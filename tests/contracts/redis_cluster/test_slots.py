import pytest

from contracts import redis_keys
from contracts.picture import reactions, tally
from contracts.picture.reactions import StreamCounts
from contracts.redis_cluster.slots import Slots, key_of, key_there, slot_of

ANSWER = [
    [0, 5460, [b"10.0.0.1", 7000, b"id", []], [b"10.0.0.4", 7000, b"replica", []]],
    [5461, 5461, [b"", 7001, b"id", []]],
    [5463, 16383, [None, 7002, b"id", []]],
]
"""Slot 5462 is nowhere, and two masters do not know by which name they are reached."""


def test_every_slot_is_where_the_node_says() -> None:
    slots = Slots(ANSWER, ("seed", 7009))
    assert slots.masters() == [("10.0.0.1", 7000), ("seed", 7001), ("seed", 7002)]
    assert slots.lacking() == 1
    key = key_there("k", lambda key: slot_of(key) == 5461)
    assert slots.of(key) == ("seed", 7001)
    slots.moved(5461, ("10.0.0.9", 7000))
    assert slots.of(key) == ("10.0.0.9", 7000)


def test_a_stream_s_keys_and_its_channel_are_in_one_slot() -> None:
    counts = StreamCounts(newest=2_000, totals={"🔥": 1}, windows={1_000: {"🔥": 1}})
    keys = [
        *reactions.script_call("cup", counts, 1)[0],
        *tally.script_call("cup", "p", {0: ""}, 1)[0],
        redis_keys.poll_lock("cup", "p"),
        redis_keys.poll_recount("cup", "p"),
        redis_keys.presence("cup"),
    ]
    assert {slot_of(key) for key in keys} == {slot_of("{cup}")}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("GET", "a"), "a"),
        (("EVALSHA", "sha", 2, "a", "b"), "a"),
        (("EVAL", "return 1", 0), None),
        (("SPUBLISH", "channel", "message"), "channel"),
        (("SCRIPT LOAD", "return 1"), None),
        (("TIME",), None),
    ],
)
def test_the_key_of_a_command(words: tuple[object, ...], key: str | None) -> None:
    assert key_of(words) == key
