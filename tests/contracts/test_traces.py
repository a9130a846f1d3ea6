import subprocess
import sys

import pytest

from contracts import store_urls
from contracts.traces import Traces, is_traced, trace_id
from tests.collector import collecting

START = 1_700_000_000_000


def test_a_window_has_one_id_and_every_program_knows_it() -> None:
    ids = {trace_id(stream, START + second * 1_000) for stream in ("a", "b") for second in range(500)}
    assert len(ids) == 1_000
    assert all(0 < each < 1 << 128 for each in ids)
    assert trace_id("a", START) == trace_id("a", START)


def test_one_window_in_so_many_is_traced() -> None:
    windows = [START + second * 1_000 for second in range(20_000)]
    assert all(is_traced("a", start, 1) for start in windows)
    assert 140 < sum(is_traced("a", start, 100) for start in windows) < 270


def test_spans_of_one_window_are_one_trace_and_others_are_not_sent() -> None:
    traced = next(start for start in range(START, START + 10**6, 1_000) if is_traced("a", start, 10))
    other = next(start for start in range(START, START + 10**6, 1_000) if not is_traced("a", start, 10))
    with collecting() as collector:
        for service in ("one", "two"):
            traces = Traces.to(collector.url, service, 10)
            assert traces is not None
            traces.span("done", "a", traced, traced + 5, traced + 25, taps=7)
            traces.span("done", "a", other, other, other)
            traces.close()
        assert [(each.service, each.name, each.trace_id) for each in collector.spans] == [
            ("one", "done", trace_id("a", traced)),
            ("two", "done", trace_id("a", traced)),
        ]
        first, second = collector.spans
        assert first.parent_id == second.parent_id != 0
        assert (first.began, first.ended) == ((traced + 5) * 10**6, (traced + 25) * 10**6)
        assert first.attributes == {"ovation.stream_id": "a", "ovation.window": traced, "taps": 7}


def test_who_traces_nothing_loads_nothing() -> None:
    assert Traces.to("", "gateway", 1) is None
    script = "import sys, contracts.traces as t; t.Traces.to('', 'x', 1); print('opentelemetry' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )


@pytest.mark.parametrize("url", ["", "http://collector:4318", "https://traces.example/otlp"])
def test_what_is_a_collector(url: str) -> None:
    assert store_urls.checked_collector(url) == url


@pytest.mark.parametrize(
    "url", ["collector:4318", "ftp://x", "http://me:secret@collector", "http://x?token=secret", "http://x:y"]
)
def test_what_is_none_and_is_not_quoted(url: str) -> None:
    with pytest.raises(ValueError, match="no URL of an OTLP collector") as refused:
        store_urls.checked_collector(url)
    assert "secret" not in str(refused.value)
