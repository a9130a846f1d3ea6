"""Taps by HTTP as one would first write them: FastAPI, a pydantic body, dependencies, PyJWT, a dictionary, a producer.

It checks what the gateway checks (token, viewer's and stream's rates, emojis, counts, the viewer's taps), adds taps up
in memory, and sends one record for each stream every 25 ms. What it lacks is everything else that a gateway does.
"""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import jwt
from confluent_kafka import Producer
from fastapi import Depends, FastAPI, Header, HTTPException, Path
from pydantic import BaseModel, Field

from contracts.limits import ID_PATTERN, MAX_TAPS_PER_REQUEST, MAX_VIDEO_MS

FLUSH_S = 0.025
WINDOW_MS = 1_000


class Taps(BaseModel):
    """The body of a tap."""

    counts: dict[str, Annotated[int, Field(ge=1, le=MAX_TAPS_PER_REQUEST)]] = Field(min_length=1)
    playback_ms: Annotated[int, Field(ge=0, le=MAX_VIDEO_MS)] | None = None


class Counted(BaseModel):
    """Its answer."""

    counted: int
    window: int


class Viewer(BaseModel):
    """What a token says."""

    stream: str
    sub: str
    role: str
    exp: int


class Rates:
    """So many a second for each caller, in windows of a second."""

    def __init__(self, per_s: int) -> None:
        self._per_s = per_s
        self._counts: dict[tuple[str, int], int] = {}
        self._second = 0

    def take(self, caller: str, number: int = 1) -> None:
        """Count. Raises HTTPException where it is too much."""
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._counts.clear()
        count = self._counts.get((caller, second), 0) + number
        if count > self._per_s:
            raise HTTPException(429, "too many requests")
        self._counts[caller, second] = count


def create_app() -> FastAPI:
    """Return the application, told where Kafka is and what signs tokens by the environment."""
    secret = os.environ["PLAIN_TOKEN_SECRET"]
    emojis = frozenset(os.environ["PLAIN_EMOJIS"].split(","))
    producer = Producer({"bootstrap.servers": os.environ["PLAIN_KAFKA"], "acks": "all", "enable.idempotence": True})
    sums: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    requests, streams, taps_of = Rates(100_000), Rates(100_000), Rates(100_000)

    async def flush() -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            for (stream_id, window), counts in sums.items():
                record = Record(v=1, stream_id=stream_id, region="local", edge="plain", at=window, counts=counts)
                producer.produce("reactions", record.model_dump_json(), key=stream_id)
            sums.clear()
            producer.poll(0)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(flush())
        yield
        task.cancel()

    def viewer_of(
        stream_id: Annotated[str, Path(pattern=ID_PATTERN)], authorization: Annotated[str, Header()] = ""
    ) -> Viewer:
        try:
            claims = jwt.decode(authorization.removeprefix("Bearer "), secret, ["HS256"], audience="ovation")
        except jwt.InvalidTokenError as error:
            raise HTTPException(401, "bad token") from error
        viewer = Viewer(**claims)
        if viewer.stream != stream_id:
            raise HTTPException(403, "another stream's token")
        requests.take(f"{viewer.stream}|{viewer.sub}")
        streams.take(viewer.stream)
        return viewer

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/streams/{stream_id}/reactions", status_code=202)
    async def react(stream_id: str, taps: Taps, viewer: Annotated[Viewer, Depends(viewer_of)]) -> Counted:
        if not taps.counts.keys() <= emojis:
            raise HTTPException(422, "an emoji that the stream has not")
        total = sum(taps.counts.values())
        taps_of.take(f"{viewer.stream}|{viewer.sub}", total)
        now_ms = time.time_ns() // 1_000_000
        counts = sums[stream_id, now_ms - now_ms % WINDOW_MS]
        for emoji, count in taps.counts.items():
            counts[emoji] += count
        return Counted(counted=total, window=now_ms - now_ms % WINDOW_MS)

    return app


class Record(BaseModel):
    """A record of `reactions`."""

    v: int
    stream_id: str
    region: str
    edge: str
    at: int
    counts: dict[str, int]
