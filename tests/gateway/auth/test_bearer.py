import pytest

from gateway.auth import bearer


@pytest.mark.parametrize(
    ("header", "found"),
    [("Bearer x", "x"), ("bearer x", "x"), ("Basic x", None), ("Bearer ", None), ("Bearer", None), (None, None)],
)
def test_bearer(header: str | None, found: str | None) -> None:
    assert bearer(header) == found
