import pytest

from gateway.limits import limit


class Time:
    """The clock of limits, which a test moves."""

    def __init__(self) -> None:
        self.s = 12_345.678

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(limit, "monotonic", time)
    return time
