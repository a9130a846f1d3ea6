import msgspec

from ovation.audience.latencies import Summary
from ovation.audience.report import Report, Taps, Votes, conclusion, lines

GOOD = Report(
    stream_ids=["s"],
    viewers=2,
    screens=1,
    tapping_s=10.0,
    taps=Taps(sent=1_000, acknowledged=1_000, refused=0, unanswered=0, unsent=0, per_s=100.0),
    votes=Votes(voters=0, sent=0, acknowledged=0, refused=0, unanswered=0),
    failures={},
    tap_to_screen_ms=Summary(1_000, 40.0, 60.0, 90.0, 120.0),
    tap_ack_ms=Summary(1_000, 1.0, 2.0, 3.0, 4.0),
    vote_ack_ms=Summary(0),
    steps_back=0,
    stepped=[],
    reconnects=0,
    settled_s=0.1,
    agrees=True,
    differences=[],
)


def test_a_good_run_says_so() -> None:
    assert GOOD.good
    assert conclusion(GOOD) == "Nothing was lost, nothing counted twice."
    assert "  taps            1,000 sent, 1,000 acknowledged, 100/s" in lines(GOOD)
    assert "  tap to screen   p50 40.0 ms  p90 60.0 ms  p99 90.0 ms  max 120.0 ms  (1,000 measured)" in lines(GOOD)
    assert not any("vote" in line for line in lines(GOOD))


def test_what_went_wrong_is_said_first() -> None:
    change = msgspec.structs.replace
    refused = change(GOOD, taps=change(GOOD.taps, refused=3))
    back = change(refused, steps_back=2, stepped=["🔥 total from 2 to 1"])
    lost = change(back, agrees=False, differences=[{"stream_id": "s"}])
    assert [each.good for each in (refused, back, lost)] == [False] * 3
    assert conclusion(refused) == "The gateway refused 3 taps and 0 votes."
    assert conclusion(back) == "Numbers on screens went back 2 times: 🔥 total from 2 to 1."
    assert conclusion(lost) == "The screens do not show what was acknowledged: s."
    assert any(line.endswith("100/s, 3 refused") for line in lines(refused))


def test_unanswered_taps_are_no_failure_but_are_named() -> None:
    change = msgspec.structs.replace
    doubtful = change(GOOD, taps=change(GOOD.taps, unanswered=2, unsent=1))
    assert doubtful.good
    assert any(line.endswith(", 2 unanswered, 1 unsent") for line in lines(doubtful))
