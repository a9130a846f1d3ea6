"""A warm embedded stack with streams that are open and viewers who may tap as fast as a measurement wants."""

import asyncio
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import redis

from bench.setting import raise_open_files, running_first, running_stack
from bench.stack.sockets import Seat
from contracts import redis_keys
from contracts.limits import MAX_INTERVAL_MS
from local.secrets import load_or_create
from local.settings import StackSettings, read_settings
from local.stack import Stack
from ovation.audience.at_once import at_once
from ovation.audience.voters.tokens import Signer
from ovation.client.gateway import GatewayClient

NO_LIMIT = {
    "OVATION_LIMIT_VIEWER_TAPS_PER_S": "1000000",
    "OVATION_LIMIT_VIEWER_REQUESTS_PER_S": "1000000",
    "OVATION_LIMIT_STREAM_PER_S": "1000000",
}
"""A few sockets play a crowd here: the limits of one viewer and one stream are counted, and met by nobody."""


@contextmanager
def warm_stack(data_dir: Path | None, ephemeral_ports: bool, limits: bool = True) -> Iterator[Stack]:
    """Run the whole stack, without limits of a viewer if wanted, and this process before it."""
    raise_open_files()
    if not limits:
        os.environ.update(NO_LIMIT)
    stack = Stack(read_settings(data_dir, ephemeral_ports))
    with running_stack(stack), running_first():
        yield stack


def open_streams(settings: StackSettings, number: int, emojis: Sequence[str]) -> list[str]:
    """Open so many streams and return their ids."""

    async def all_of_them() -> list[str]:
        key = load_or_create(settings.data_dir).api_key.get_secret_value()
        name = secrets.token_hex(4)
        async with GatewayClient(settings.gateway_url, key) as client:
            return await at_once(
                client.open_stream("A crowd", emojis, f"crowd-{name}-{place}") for place in range(number)
            )

    return asyncio.run(all_of_them())


def seats(
    settings: StackSettings,
    stream_ids: Sequence[str],
    tappers: int,
    screens: int,
    interval_ms: int,
    urls: Sequence[str] = (),
) -> list[Seat]:
    """Return a seat for each viewer, spread over the streams and over the gateways at `urls`.

    Screens are shown something every `interval_ms`; who taps looks up once in five seconds.
    """
    secret = load_or_create(settings.data_dir).token_secret
    signers = [Signer.of(secret, stream_id) for stream_id in stream_ids]
    addresses = [(each.hostname or "", each.port or 80) for each in map(urlsplit, urls or [settings.gateway_url])]

    def seat(number: int, place: int, watches: bool) -> Seat:
        stream = place % len(stream_ids)
        path = f"/v1/streams/{stream_ids[stream]}/ws?interval_ms={interval_ms if watches else MAX_INTERVAL_MS}"
        token = signers[stream].token(f"viewer-{number}", {})
        return Seat(addresses[number % len(addresses)], path, token, stream, watches)

    # Screens are on streams at even distances, so that those of a few do not all watch the first ones.
    step = max(1, len(stream_ids) // max(1, screens))
    return [seat(number, number, False) for number in range(tappers)] + [
        seat(tappers + number, number * step, True) for number in range(screens)
    ]


def counted(settings: StackSettings, stream_ids: Sequence[str]) -> list[int]:
    """Return the taps that Redis holds of each stream."""
    with redis.Redis.from_url(settings.redis_url) as client, client.pipeline(transaction=False) as pipeline:
        for stream_id in stream_ids:
            pipeline.hvals(redis_keys.reactions(stream_id))
        return [sum(map(int, counts)) for counts in pipeline.execute()]
