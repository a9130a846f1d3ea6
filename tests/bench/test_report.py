from pathlib import Path

import pytest

from bench.findings import Curve, Finding, Findings
from bench.report import BEGIN, END, load, page

FOUND = Findings(
    "taps",
    "Taps by HTTP",
    "make bench-taps",
    ("10 s a round",),
    (
        Finding("taps a core", "a second", (60.0, 66.0, 54.0), "a bare server", (100.0, 100.0, 100.0), reach=0.6),
        Finding("p99", "ms", (80.0,), reach=60, bound="most", note="the broker was busy"),
    ),
    (Curve("Cost of a tap", "streams", "CPU s", (1.0, 10.0), {"gateway": (1.0, 2.0)}, "a record for each stream"),),
)


def test_writes_tables_and_pictures_between_the_marks_and_nothing_else(tmp_path: Path) -> None:
    text = page(f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n", [FOUND], tmp_path)

    assert text.startswith(f"# Before\n\n{BEGIN}\n\n")
    assert text.endswith(f"\n\n{END}\n\nAfter\n")
    assert "old" not in text
    assert (
        "| taps a core | 60 (54 to 66) a second | a bare server: 100 | **0.6 (0.54 to 0.66)** | ≥ 0.6: reached |"
        in text
    )
    assert "| p99 | 80 ms |  |  | ≤ 60: **not reached** |" in text
    assert "- *p99*: the broker was busy" in text
    assert "- *Cost of a tap*: a record for each stream" in text
    for picture in ("reached.svg", "taps-1.svg"):
        assert f"(images/{picture})" in text
        assert (tmp_path / picture).read_text().lstrip().startswith("<?xml")


def test_writes_the_same_page_again(tmp_path: Path) -> None:
    once = page(f"{BEGIN}{END}", [FOUND], tmp_path)
    assert page(once, [FOUND], tmp_path) == once


def test_refuses_a_page_without_marks(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no <!-- measured"):
        page("# A page", [FOUND], tmp_path)


def test_follows_the_way_of_a_tap(tmp_path: Path) -> None:
    for part in ("growth", "another", "taps", "reactions"):
        Findings(part, part, "make bench", ()).save(tmp_path)
    assert [part.part for part in load(tmp_path)] == ["reactions", "taps", "growth", "another"]
