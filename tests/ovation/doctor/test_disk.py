import pytest

from ovation.doctor.disk import GB, judge


@pytest.mark.parametrize(
    ("free", "total", "severities"),
    [(500, 1000, []), (99, 1000, ["warning"]), (1, 1000, ["broken"]), (3, 20, []), (0, 0, [])],
)
def test_a_disk_that_fills_up(free: int, total: int, severities: list[str]) -> None:
    assert [each.severity for each in judge("disk", "/data", free * GB, total * GB)] == severities
