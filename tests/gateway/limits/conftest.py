import pytest
from throttled import utils


class Time:
    """The clock of `throttled`, which a test moves."""

    def __init__(self) -> None:
        self.s = 12_345.678

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(utils, "now_mono_f", time)
    return time
