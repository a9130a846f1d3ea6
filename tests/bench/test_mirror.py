"""A mirror copies what is written at a pace, and is looked at meanwhile; how much it takes, is not asked here."""

from pathlib import Path

from bench import mirror


def test_every_record_is_waited_for_and_each_has_its_delay(tmp_path: Path) -> None:
    with mirror.copying(tmp_path) as copies:
        done: dict[float, list[mirror.Paced]] = {
            per_s: [copies.run(per_s, seconds)] for per_s, seconds in ((0, 0.2), (50, 1), (200, 1))
        }

    assert [paces[0].records for paces in done.values()] == [0, 50, 200]
    assert [paces[0].delays.count for paces in done.values()] == [0, 50, 200]
    assert done[200][0].mirror_cores > 0
    found = mirror.findings(done, 1)
    assert [each.ours for each in found.findings[:2]] == [(50,), (200,)]
