from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from contracts.redis_cluster.slots import slot_of
from ovation.addresses import Addresses
from ovation.doctor import redis as redis_check
from ovation.doctor.place import Place
from tests.redis_cluster import three_masters

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


def test_every_master_of_a_cluster_is_asked(tmp_path: Path) -> None:
    with three_masters(tmp_path) as cluster:
        place = Place(Addresses(redis_url=SecretStr(cluster.url)))
        assert redis_check.check(place) == []
        lost = cluster.addresses[2]
        for address in cluster.addresses:
            cluster.at(address).execute_command("CLUSTER DELSLOTS", slot_of("a"))
        cluster.kill(lost)
        nowhere, away = redis_check.check(place)
        assert nowhere.what == "No master of the cluster has 1 of the slots."
        assert away.what.startswith(f"It does not answer at {lost[0]}:{lost[1]}: ")
        for address in cluster.addresses[:2]:
            cluster.kill(address)
        [nobody] = redis_check.check(place)
        assert nobody.what.startswith(f"It does not answer at {cluster.url}: no node of the cluster")
