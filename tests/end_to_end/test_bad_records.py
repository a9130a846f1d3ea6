import asyncio
import json
import time
from dataclasses import replace
from typing import Any

from contracts import topics
from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.deployments import DEPLOYMENTS
from ovation.flink_api import Flink
from tests.end_to_end import dead_letters, load, restarts

PLAN = replace(load.CROWD, streams=1, viewers=20, taps_per_s=200, seconds=10, voters=100, vote_seconds=8, screens=1)


def bad_records(stream_id: str, poll_id: str) -> dict[str, list[bytes | None]]:
    """Return what no program of Ovation writes. It names a real stream and poll, where it would show if it counted."""
    now_ms = int(time.time() * 1000)
    head = {"v": 1, "region": "local", "edge": "test"}
    taps = {**head, "stream_id": stream_id, "at": now_ms, "counts": {"🔥": 1}}
    vote: dict[str, Any] = {
        "stream_id": stream_id,
        "poll_id": poll_id,
        "voter": "A" * 22,
        "receipt": "0" * 26,
        "at": now_ms,
        "choices": 1,
        "options": 4,
        "max_choices": 1,
        "allow_change": False,
        "allow_withdraw": False,
        "eligible": True,
        "deadline": None,
    }
    no_json: list[bytes | None] = [b"", b"\xff\xfe\x00", b"{", b"[" * 5_000, b'"text"', b"null"]

    def records(*values: object) -> list[bytes | None]:
        return [json.dumps(value).encode() for value in values]

    return {
        topics.REACTIONS.name: [
            *no_json,
            None,
            *records({**taps, "v": 2}, {**taps, "counts": {"🔥": -5}}, {**taps, "counts": [1]}, {**taps, "at": 7}),
        ],
        topics.VOTES.name: [
            *no_json,
            None,
            *records({**head, "votes": []}, {**head, "votes": "x"}, {**head, "votes": [{**vote, "options": 99}]}),
        ],
        topics.CONTROL.name: [
            *no_json,
            *records({**head, "kind": "stream"}, {**head, "kind": "else"}, {"v": 1}),
        ],
    }


async def test_malformed_records_become_dead_letters_and_stop_nothing(addresses: Addresses, flink: Flink) -> None:
    before = await restarts.now(flink)
    written: dict[dead_letters.Origin, bytes | None] = {}

    async def meanwhile(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 1)
        stage = crowd.stages[0]
        for topic, values in bad_records(stage.stream_id, stage.poll_id).items():
            written.update(await asyncio.to_thread(dead_letters.write, addresses.kafka_bootstrap, topic, values))

    done = await load.run(addresses, "bad-records", PLAN, meanwhile)
    assert done.taps.acknowledged == done.taps.sent == 2_000

    letters = await asyncio.to_thread(dead_letters.wait_for, addresses.kafka_bootstrap, set(written))
    assert {origin: letter.value for origin, letter in letters.items()} == written
    assert all(letter.reason for letter in letters.values())
    assert await restarts.now(flink) == before
    assert len(before) == len(DEPLOYMENTS)
