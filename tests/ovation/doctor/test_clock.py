import pytest

from ovation.doctor.clock import Reading, compare


@pytest.mark.parametrize(
    ("theirs", "ahead_s"),
    [(100.0, 0.0), (100.5, 0.0), (101.0, 0.0), (104.0, 3.0), (95.0, -5.0)],
)
def test_only_what_the_way_does_not_explain_counts(theirs: float, ahead_s: float) -> None:
    assert Reading(theirs, before=100.0, after=101.0).ahead_s == ahead_s


def test_a_clock_that_agrees_is_no_finding() -> None:
    assert compare("redis", Reading(101.5, 100.0, 100.1)) == []


@pytest.mark.parametrize(("theirs", "words"), [(110.0, "9.9 s ahead of"), (90.0, "10.0 s behind")])
def test_one_that_does_not_is(theirs: float, words: str) -> None:
    [finding] = compare("redis", Reading(theirs, 100.0, 100.1))
    assert (finding.part, finding.severity) == ("redis", "warning")
    assert words in finding.what
