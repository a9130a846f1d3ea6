"""Redis: whether it answers and takes writes, and whether it may throw away what screens show."""

import time
from dataclasses import replace
from typing import Any

from redis.exceptions import RedisError

from contracts.redis_cluster.sync import Shard, connect, shards
from ovation.doctor import clock
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place

PART = "redis"
_TIMEOUT_S = 3.0
_FULL = 0.9


def check(place: Place) -> list[Finding]:
    """Ask Redis at `place`, of a cluster each master."""
    client = connect(place.addresses.redis_url.get_secret_value(), timeout_s=_TIMEOUT_S)
    try:
        every = shards(client)
    except (RedisError, OSError) as error:
        return [_away(place, place.address(PART), error)]
    else:
        found = [finding for each in every for finding in _check(place, each)]
        return [*_slots(every), *found]
    finally:
        client.close()


def _check(place: Place, shard: Shard) -> list[Finding]:
    """Ask one master. In a cluster its address goes before what is found."""
    address = None if shard.address is None else "{}:{}".format(*shard.address)
    try:
        info: Any = shard.redis.info()
        reading = clock.read(lambda: _time(shard.redis), time.time)
    except (RedisError, OSError) as error:
        return [_away(place, address or place.address(PART), error)]
    found = [*_writes(place, info), *_memory(info), *clock.compare(PART, reading)]
    return found if address is None else [replace(each, what=f"{address}: {each.what}") for each in found]


def _away(place: Place, address: str, error: Exception) -> Finding:
    return broken(
        PART,
        f"It does not answer at {address}: {str(error) or type(error).__name__}",
        "Screens stand still at the last picture, and the live jobs wait for it. Taps and votes are still "
        "taken; when it is back, gateways fill it from the history.",
        place.start(PART),
    )


def _slots(every: list[Shard]) -> list[Finding]:
    """Return what is wrong with a cluster of which some slots are nowhere."""
    first = every[0]
    if first.address is None or not first.lacking:
        return []
    return [
        broken(
            PART,
            f"No master of the cluster has {first.lacking:,} of the slots.",
            "Screens of the streams in them stand still, and the live jobs wait for them all.",
            "redis-cli --cluster fix {}:{}".format(*first.address),
        )
    ]


def _time(client: Any) -> float:
    seconds, microseconds = client.time()
    return float(seconds + microseconds / 1e6)


def _writes(place: Place, info: dict[str, Any]) -> list[Finding]:
    why = "The live jobs cannot write, so screens stand still."
    if info.get("loading"):
        return [broken(PART, "It is still loading its data.", why, f"{place.log(PART)}    # it ends by itself")]
    if info.get("role") == "slave":
        return [
            broken(
                PART,
                "It is a replica, which takes no writes.",
                why,
                "export OVATION_REDIS_URL=redis://PRIMARY:6379/0    # gateways; then ovation submit --replace",
            )
        ]
    failing = [name for name in ("rdb_last_bgsave_status", "aof_last_write_status") if info.get(name) == "err"]
    if failing:
        return [
            broken(
                PART,
                f"It cannot write to its disk ({failing[0]} is err).",
                f"{why} Redis refuses writes that it could not keep.",
                f"df -h; {place.log(PART)}    # make room; it tries again by itself",
            )
        ]
    return []


def _memory(info: dict[str, Any]) -> list[Finding]:
    most, used = int(info.get("maxmemory", 0)), int(info.get("used_memory", 0))
    found = []
    if most and str(info.get("maxmemory_policy", "noeviction")).startswith("allkeys"):
        found.append(
            warning(
                PART,
                f"It may throw away any key when its memory is full (maxmemory-policy {info['maxmemory_policy']}).",
                "Counts of a live stream would vanish from screens.",
                "redis-cli CONFIG SET maxmemory-policy volatile-ttl",
            )
        )
    if most and used > _FULL * most:
        found.append(
            warning(
                PART,
                f"{used / most:.0%} of its memory is taken.",
                "When it is full it refuses writes, and screens stand still.",
                f"redis-cli CONFIG SET maxmemory {most * 2}    # if the machine has it; else a larger one",
            )
        )
    return found
