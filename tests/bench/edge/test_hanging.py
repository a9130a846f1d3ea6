"""Everything is answered while a store hangs; how fast, is not asked here."""

from pathlib import Path

from bench import hanging


def test_taps_and_votes_are_taken_while_a_store_hangs(tmp_path: Path) -> None:
    with hanging.stores(tmp_path) as (settings, groups):
        found = hanging.measure(settings, groups, per_s=50, seconds=0.5, rounds=1)
    assert list(found) == [hanging.WELL, "Redis", "ClickHouse"]
    assert all(each.taps.answered == each.votes.answered == 25 for rounds in found.values() for each in rounds)
    asked = [each for each in hanging.findings(found) if each.reach]
    assert [each.against for each in asked] == [hanging.WELL] * 4
