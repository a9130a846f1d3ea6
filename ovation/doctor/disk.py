"""Whether disks have room."""

import shutil

from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place

GB = 1024**3
FEW_BYTES = 2 * GB
"""Below it the embedded stack does not start."""
FEW = 0.1


def check(place: Place) -> list[Finding]:
    """Look at the disk of the embedded stack; other parts' disks are asked of the parts."""
    if place.data_dir is None or not place.data_dir.exists():
        return []
    usage = shutil.disk_usage(place.data_dir)
    return judge("disk", str(place.data_dir), usage.free, usage.total)


def judge(part: str, where: str, free: int, total: int) -> list[Finding]:
    """Return what is wrong with a disk of `total` bytes, some of them `free`. One without an end has a size of 0."""
    if not total:
        return []
    what = f"Only {free / GB:.1f} GB of {total / GB:.0f} are free on {where}."
    why = "Kafka, Flink and ClickHouse stop when their disk is full: votes are then refused."
    mend = f"df -h; du -xh --max-depth=2 {where.rsplit('(', maxsplit=1)[-1].rstrip(')')} | sort -h | tail"
    if free < FEW_BYTES:
        return [broken(part, what, why, mend)]
    return [warning(part, what, why, mend)] if free < FEW * total else []
