from gateway.stats.rises import RATE_SECONDS, SECONDS, Rises

NOW = 1_700_000_000_000


def test_what_it_was_at_first_is_no_rise() -> None:
    rises = Rises()
    rises.see(1_000, NOW)
    assert rises.by_second(NOW + 1_000) == [0] * SECONDS


def test_rises_belong_to_the_second_in_which_they_were_seen() -> None:
    rises = Rises()
    for number, at_ms in ((5, 0), (8, 0), (9, 999), (20, 1_000), (20, 1_500), (21, 3_000)):
        rises.see(number, NOW + at_ms)
    assert rises.by_second(NOW + 3_000)[-3:] == [4, 11, 0], "the second that goes on is not among them"
    assert rises.by_second(NOW + 4_000)[-4:] == [4, 11, 0, 1]
    assert rises.per_second(NOW + 4_000) == 16 / RATE_SECONDS


def test_a_number_that_comes_late_is_neither_a_fall_nor_a_rise_again() -> None:
    rises = Rises()
    for number in (10, 30, 20, 30, 31):
        rises.see(number, NOW)
    assert sum(rises.by_second(NOW + 1_000)) == 21


def test_only_a_minute_is_remembered() -> None:
    rises = Rises()
    for second in range(10 * SECONDS):
        rises.see(second, NOW + second * 1_000)
    assert rises.by_second(NOW + 10 * SECONDS * 1_000) == [1] * SECONDS
    assert len(vars(rises)["_rises"]) <= SECONDS + 1
