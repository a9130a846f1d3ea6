from pathlib import Path

import msgspec
import pytest

from bench import faults
from ovation.chaos.trial import Trial

GOOD = Trial(
    seed=1,
    schedule="kill flink-taskmanager-1 at 2.0 s",
    faults=["kill flink-taskmanager-1"],
    broken=[],
    failed=None,
    seconds=20.0,
    taps=1_000,
    votes=100,
    in_doubt=7,
    lost=2,
    given_up=0,
    stood_still_s=6.5,
    again_s={},
    right_again_s=None,
    settled_s=0.1,
    memory_mb={"kafka": 500},
)
EMPTIED = msgspec.structs.replace(GOOD, seed=2, faults=["redis empty"], right_again_s=1.25, memory_mb={"kafka": 600})
MIXED = msgspec.structs.replace(GOOD, seed=5, faults=["redis empty", "kill kafka"], stood_still_s=30.0)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = tmp_path / "faults.jsonl"
    record.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in (GOOD, EMPTIED)))
    assert faults.load(record) == [GOOD, EMPTIED]


def test_the_page_says_what_came_of_them() -> None:
    text = faults.page(f"before\n{faults.BEGIN}\nold\n{faults.END}\nafter", {"a.jsonl": [GOOD, EMPTIED, MIXED]})
    assert text.startswith("before\n") and text.endswith("\nafter") and "old" not in text
    assert (
        "- `a.jsonl`: **3 schedules** (seeds 1 to 2, 5), 300 votes and 3,000 taps acknowledged: every promise held"
        in text
    )
    assert "| redis empty | 2 | 1 | 6.5, 6.5 s |" in text
    assert "| kill kafka | 1 | 0 |  |" in text
    assert "| Live again after a TaskManager's death | 1 | 6.5 s | 6.5 s | ≤ 10 s |" in text
    assert "| Right again after Redis came back empty | 1 | 1.2 s | 1.2 s | ≤ 5 s |" in text
    assert "| kafka | 500 MiB | 600 MiB |" in text


def test_recovery_is_of_those_that_had_the_machine_to_themselves() -> None:
    idle = msgspec.structs.replace(GOOD, seed=3, stood_still_s=0.2)
    busy = msgspec.structs.replace(GOOD, seed=4, stood_still_s=40.0)
    text = faults.section({"faults.jsonl": [busy], "faults-alone.jsonl": [GOOD, idle]})
    assert "| Live again after a TaskManager's death | 2 | 3.4 s | 6.5 s | ≤ 10 s |" in text
    assert "| … of one that had a job of the screens | 1 | 6.5 s | 6.5 s | ≤ 10 s |" in text


def test_a_broken_one_is_not_hidden() -> None:
    bad = msgspec.structs.replace(GOOD, broken=["I1 (every acknowledged vote is counted): …"])
    assert "broken in 1, seeds 1" in faults.section({"a.jsonl": [bad, EMPTIED]})


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no <!-- measured"):
        faults.page("nothing", {"a.jsonl": [GOOD]})
