"""The archive that travels with a job to Flink's workers: the packages that its Python functions import."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from ovation.data_dir import CHECKOUT

PACKAGES = ("contracts", "jobs")
SUFFIXES = (".py", ".lua", ".json")
ARCHIVE = CHECKOUT / "dist" / "ovation-jobs.zip"

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same sources give the same bytes."""


def write_archive(checkout: Path, target: Path) -> Path:
    """Write `contracts/` and `jobs/` of `checkout` to the zip file `target`, for `flink run -pyfs`, and return it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Two who submit at once must not write into the same half.
    with TemporaryDirectory(dir=target.parent) as folder:
        partial = Path(folder) / target.name
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for package in PACKAGES:
                for path in sorted((checkout / package).rglob("*")):
                    if path.suffix in SUFFIXES:
                        entry = zipfile.ZipInfo(path.relative_to(checkout).as_posix(), _EPOCH)
                        archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        partial.replace(target)
    return target


if __name__ == "__main__":
    print(write_archive(CHECKOUT, ARCHIVE))
