from typing import Any

import pytest

from ovation.addresses import Addresses
from ovation.doctor import redis as redis_check
from ovation.doctor.place import Place

PLACE = Place(Addresses())


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"loading": 1}, "still loading"),
        ({"role": "slave"}, "a replica"),
        ({"role": "master", "aof_last_write_status": "err"}, "cannot write to its disk"),
        ({"role": "master", "rdb_last_bgsave_status": "err"}, "cannot write to its disk"),
    ],
)
def test_what_keeps_it_from_taking_writes(info: dict[str, Any], words: str) -> None:
    [finding] = redis_check._writes(PLACE, info)
    assert (finding.severity, words in finding.what) == ("broken", True)


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"maxmemory": 100, "used_memory": 10, "maxmemory_policy": "allkeys-lru"}, ["throw away"]),
        ({"maxmemory": 100, "used_memory": 95, "maxmemory_policy": "noeviction"}, ["95%"]),
        ({"maxmemory": 100, "used_memory": 80, "maxmemory_policy": "volatile-ttl"}, []),
        ({"maxmemory": 0, "used_memory": 80, "maxmemory_policy": "allkeys-lru"}, []),
    ],
)
def test_memory(info: dict[str, Any], words: list[str]) -> None:
    found = [each.what for each in redis_check._memory(info)]
    assert len(found) == len(words)
    assert all(word in what for word, what in zip(words, found, strict=True))
