"""Redis comes back empty while nobody taps or votes any more: the screens' numbers are there again, all of them."""

import asyncio
import time
from dataclasses import replace

import redis

from ovation.addresses import Addresses
from ovation.verify.stream import Verifier
from tests.end_to_end import load

PLAN = replace(load.CROWD, streams=3, viewers=20, taps_per_s=300, seconds=6, voters=300, vote_seconds=5, screens=1)
RIGHT_AGAIN_S = 20.0
"""Several times what it takes: the machine is shared, and the last look at the history comes after fifteen seconds."""

Picture = dict[str, dict[str, str]]


def picture(client: "redis.Redis", name: str) -> Picture:
    """Return the totals and the polls of the streams as dashboards read them, without times."""
    found = {}
    for key in client.scan_iter(f"ovation:{{{name}-*"):
        kind = key.decode().split("}:")[1].split(":")
        if kind == ["reactions"] or kind[0] == "poll":
            fields = {field.decode(): value.decode() for field, value in client.hgetall(key).items()}  # type: ignore[union-attr]
            found[key.decode()] = {field: value for field, value in fields.items() if field != "as_of"}
    return found


async def test_quiet_streams_and_polls_are_right_again(addresses: Addresses) -> None:
    done = await load.run(addresses, "emptied", PLAN)
    assert done.votes.voters == PLAN.voters
    client = redis.Redis.from_url(addresses.redis_url.get_secret_value())
    before = picture(client, "emptied")
    assert len(before) == 2 * PLAN.streams
    began = time.monotonic()
    client.flushall()
    async with asyncio.timeout(RIGHT_AGAIN_S):
        while picture(client, "emptied") != before:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    print(f"\nemptied: right again after {time.monotonic() - began:.1f} s")
    with Verifier(addresses) as verifier:
        for number in range(PLAN.streams):
            verdict = await verifier.verify(f"emptied-{number}", None, load.HISTORY_S)
            assert verdict.agrees, verdict.members()
    client.close()
