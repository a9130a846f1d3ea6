"""What is kept of a run in which a region was lost and a promise with it."""

from pathlib import Path

from local.regions import settings_of
from ovation.chaos.region.world import KEPT, LOST, World


def test_the_logs_of_both_regions_outlive_their_folders(tmp_path: Path) -> None:
    settings = settings_of([KEPT, LOST], tmp_path, ephemeral_ports=True)
    for each in settings:
        each.paths.logs.mkdir(parents=True)
        (each.paths.logs / "mirror.log").write_text(each.region)
    kept = World(settings).keep_logs()
    assert [(kept / name / "mirror.log").read_text() for name in (KEPT, LOST)] == [KEPT, LOST]
