import pytest

from contracts.limits import MAX_VIDEO_MS
from gateway.history.span import MAX_SPAN_MS, MAX_STEPS, Span, number, span_of, step_of
from gateway.refusal import Refused
from tests.gateway.records import AT, stream

NOW = AT + 3_600_000


def asked(**query: object) -> Span:
    return span_of({name.strip("_"): str(value) for name, value in query.items()}, stream(), NOW)


def refusal(**query: object) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        asked(**query)
    return refused.value.problem.name, refused.value.field


def test_what_is_left_out_is_the_whole_stream() -> None:
    assert asked() == Span("wall", AT, NOW + 1000, 10)
    ended = span_of({}, stream(status="ended", ended_at=AT + 60_000), NOW)
    assert ended == Span("wall", AT, AT + 61_000, 1)
    assert span_of({}, stream(created_at=AT + 700), NOW).from_ms == AT, "its first window began before it"
    assert asked(from_=NOW + 5_000) == Span("wall", NOW + 5_000, NOW + 6_000, 1), (
        "the future holds nothing, and is no error"
    )


def test_the_video_begins_with_the_stream() -> None:
    assert asked(clock="video") == Span("video", 0, NOW - AT + 1000, 10)
    assert asked(clock="video", from_=1_000, to=5_000, step=2) == Span("video", 1_000, 5_000, 2)
    assert refusal(clock="video", to=MAX_VIDEO_MS + 1_001) == ("invalid-field", "to")
    assert refusal(clock="utc") == ("invalid-field", "clock")


def test_minutes_are_read_where_they_say_the_same() -> None:
    minute = AT - AT % 60_000
    assert asked(step=60).in_minutes
    assert asked(step=3_600, from_=minute, to=minute + 60_000).in_minutes
    assert not asked(step=60, from_=minute + 1_000).in_minutes
    assert not asked(step=90).in_minutes


def test_bounds_are_told() -> None:
    assert refusal(from_=AT + 1, to=AT + 1) == ("reversed-span", "to")
    assert refusal(from_=AT + 1, to=AT) == ("reversed-span", "to")
    assert refusal(from_=AT, to=AT + MAX_SPAN_MS + 1) == ("wide-span", "to")
    assert refusal(from_=0, to=AT) == ("wide-span", "to")
    assert refusal(from_=AT, to=AT + MAX_SPAN_MS, step=1) == ("too-many-steps", "step")


def test_the_step_that_is_named_would_do() -> None:
    with pytest.raises(Refused) as refused:
        step_of({"step": "1"}, 1000 * MAX_STEPS + 1)
    assert "step=2" in refused.value.detail
    assert step_of({"step": "2"}, 1000 * MAX_STEPS + 1) == 2
    assert step_of({"step": "1"}, 1000 * MAX_STEPS) == 1


@pytest.mark.parametrize("text", ["", "x", "-1", "+1", "1.5", "1e3", "٣", "0", "101", "9" * 400, " 1"])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(Refused) as refused:
        number({"top": text}, "top", 1, 100)
    assert (refused.value.problem.name, refused.value.field) == ("invalid-field", "top")


def test_a_whole_number() -> None:
    assert [number({"top": text}, "top", 1, 100) for text in ("1", "007", "100")] == [1, 7, 100]
    assert number({}, "top", 1, 100) is None
