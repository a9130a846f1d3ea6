from gateway.stats.lags import Lags

NOW = 1_700_000_000_000


def test_percentiles_are_lags_that_were_met() -> None:
    lags = Lags()
    for lag in range(100, 0, -1):
        lags.add(lag, NOW)
    assert lags.percentiles(NOW, 0, 50, 99, 100) == [1, 50, 99, 100]
    lags = Lags()
    lags.add(7, NOW)
    assert lags.percentiles(NOW, 50, 99) == [7, 7]


def test_only_the_last_minute_counts() -> None:
    lags = Lags()
    assert lags.percentiles(NOW, 50) is None
    lags.add(900, NOW)
    lags.add(10, NOW + 30_000)
    assert lags.percentiles(NOW + 60_000, 99) == [900]
    assert lags.percentiles(NOW + 60_001, 99) == [10]
    assert lags.percentiles(NOW + 90_001, 99) is None


def test_its_memory_is_bounded() -> None:
    lags = Lags()
    for lag in range(100_000):
        lags.add(lag, NOW)
    assert lags.percentiles(NOW, 0, 100) == [99_744, 99_999]
