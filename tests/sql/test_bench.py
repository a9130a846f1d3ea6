"""A short form of `make history`: the measurement itself stays alive."""

from pathlib import Path

import pytest

from bench.history import draw, run
from tests.sql.server import running

pytestmark = pytest.mark.engine


def test_a_small_season_is_measured(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        small, large = run(server, [20_000, 600_000], merged=True)
    assert 20_000 <= small.rows < large.rows
    assert 0 < large.bytes_per_row < 20
    for one in (small, large):
        assert min(one.inserted_per_s, one.timeline_ms, one.moments_ms, one.leaderboard_ms) > 0
    draw(tmp_path / "growth.svg", [small, large])
    assert "bytes per window" in (tmp_path / "growth.svg").read_text().lower()
