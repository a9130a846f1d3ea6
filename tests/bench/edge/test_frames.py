"""The bench's short forms: what they count is right; how fast anything is, is not asked here."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import frames
from bench.last_mile.gateway import kafka_and_redis
from local.settings import StackSettings


@pytest.fixture(scope="module")
def settings() -> Iterator[StackSettings]:
    with tempfile.TemporaryDirectory() as folder, kafka_and_redis(Path(folder)) as settings:
        yield settings


def test_frames(settings: StackSettings) -> None:
    found = frames.measure(settings, sockets=20, streams=4, taps=20, bursts=(1, 8), seconds=0.3, rounds=1)
    assert set(found) == {(name, burst) for name in ("ours", frames.DECODING, frames.BARE) for burst in (1, 8)}
    for (_, burst), (done,) in found.items():
        assert done.frames >= 20 * burst
        assert done.frames % burst == 0
        assert done.refused == 0
    figures = frames.findings(found, (1, 8))
    assert [figure.judged.median > 0 for figure in figures] == [True] * 4
