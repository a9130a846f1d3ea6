import pytest

from bench.findings import Curve, Finding, Findings, lines

FASTER = Finding("taps", "a second", (90.0, 120.0, 110.0), "a bare loop", (100.0, 100.0, 50.0), reach=1.0)


def test_judges_a_figure_with_a_peer_by_the_median_of_its_rounds_ratios() -> None:
    assert FASTER.judged.median == 1.2
    assert (FASTER.judged.least, FASTER.judged.most) == (0.9, 2.2)
    assert FASTER.is_reached


@pytest.mark.parametrize(
    ("bound", "reach", "is_reached"), [("least", 20, True), ("most", 20, False), ("most", 30, True)]
)
def test_judges_a_figure_without_a_peer_by_itself(bound: str, reach: float, is_reached: bool) -> None:
    assert Finding("p99", "ms", (29.0, 25.0, 20.0), reach=reach, bound=bound).is_reached is is_reached  # type: ignore[arg-type]


def test_has_no_opinion_where_nothing_was_asked() -> None:
    assert Finding("p50", "ms", (25.0,)).is_reached is None


def test_refuses_rounds_that_the_peer_did_not_run() -> None:
    with pytest.raises(ValueError, match="taps"):
        Finding("taps", "a second", (1.0, 2.0), "a bare loop", (1.0,))


def test_reads_back_what_it_wrote(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = Findings(
        "taps",
        "Taps",
        "make bench-taps",
        ("10 s a round",),
        (FASTER,),
        (Curve("Cost", "streams", "CPU s", (1.0, 10.0), {"gateway": (1.0, 2.0)}, "more records"),),
    )
    assert Findings.load(found.save(tmp_path)) == found


def test_says_in_a_line_what_was_reached() -> None:
    (line,) = lines(Findings("taps", "Taps", "make bench-taps", (), (FASTER,)))[2:]
    assert "110 a second (90 to 120); a bare loop: 100; ratio 1.20 (0.90 to 2.20); asked at least 1: reached" in line
