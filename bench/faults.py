"""Writes what came of recorded schedules of faults into docs/reliability.md: `python -m bench.faults --help`.

A record is what `ovation chaos --record FILE` appends, a JSON object for each schedule. The table stands between two
marks of the page, and nothing else there is touched.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import msgspec
import typer

from bench.findings import FOLDER
from ovation.chaos.trial import Trial
from ovation.terminal import out

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
RECORDS = "faults*.jsonl"
STOOD_STILL_S = 1.0
"""Screens that stand still for less than that have waited for nothing but their taps."""
BEGIN, END = "<!-- measured: made by `python -m bench.faults` -->", "<!-- /measured -->"


def load(path: Path) -> list[Trial]:
    """Return the trials of a record. Raises msgspec.MsgspecError for what is none."""
    return [msgspec.json.decode(line, type=Trial) for line in path.read_bytes().splitlines() if line]


def section(records: Mapping[str, Sequence[Trial]]) -> str:
    """Return what stands between the page's marks, of trials by the names of their records."""
    trials = [trial for record in records.values() for trial in record]
    summaries = "\n".join(f"- `{name}`: {_summary(record)}" for name, record in records.items())
    return "\n\n".join([summaries, _by_fault(trials), _recovery(_quiet(records) or trials), _memory(trials)])


def _quiet(records: Mapping[str, Sequence[Trial]]) -> list[Trial]:
    """Return the trials that had the machine to themselves, by the name of their record."""
    return [trial for name, record in records.items() if "alone" in name for trial in record]


def _summary(trials: Sequence[Trial]) -> str:
    bad = [trial for trial in trials if not trial.good]
    votes, taps = sum(trial.votes for trial in trials), sum(trial.taps for trial in trials)
    broken = f"broken in {len(bad)}, seeds {', '.join(_spans(trial.seed for trial in bad))}"
    kept = broken if bad else "every promise held in each of them"
    seeds = ", ".join(_spans(trial.seed for trial in trials))
    doubt, lost = sum(trial.in_doubt for trial in trials), sum(trial.lost for trial in trials)
    return (
        f"**{len(trials)} schedules** (seeds {seeds}), {votes:,} votes and {taps:,} taps acknowledged: {kept}. "
        f"{doubt:,} taps were in doubt, because nobody answered them or a gateway was killed just then; {lost:,} of "
        "them did not count."
    )


def _by_fault(trials: Sequence[Trial]) -> str:
    alone: dict[str, list[float]] = defaultdict(list)
    times: dict[str, int] = defaultdict(int)
    for trial in trials:
        for name in trial.faults:
            times[name] += 1
        if len(trial.faults) == 1:
            alone[trial.faults[0]].append(trial.stood_still_s)
    rows = [
        "| Fault | Schedules | of them alone | Screens stood still, alone: median, longest |",
        "| --- | --- | --- | --- |",
    ]
    for name in sorted(times):
        still = alone.get(name)
        said = f"{median(still):.1f}, {max(still):.1f} s" if still else ""
        rows.append(f"| {name} | {times[name]} | {len(still or ())} | {said} |")
    return "\n".join(rows)


def _recovery(trials: Sequence[Trial]) -> str:
    taskmanagers = [each.stood_still_s for each in trials if each.faults and _all_of(each, "kill flink-taskmanager")]
    asked = {
        "Live again after a TaskManager's death": (taskmanagers, 10),
        "… of one that had a job of the screens": ([each for each in taskmanagers if each >= STOOD_STILL_S], 10),
        "Live again after a JobManager's death": (
            [each.stood_still_s for each in trials if each.faults and _all_of(each, "kill flink-jobmanager")],
            30,
        ),
        "Right again after Redis came back empty": (
            [each.right_again_s for each in trials if each.right_again_s is not None and len(each.faults) == 1],
            5,
        ),
    }
    rows = ["| Recovery, the fault alone | Schedules | median | p99 | asked |", "| --- | --- | --- | --- | --- |"]
    for name, (seconds, most) in asked.items():
        if seconds:
            p99 = sorted(seconds)[math.ceil(0.99 * len(seconds)) - 1]
            rows.append(f"| {name} | {len(seconds)} | {median(seconds):.1f} s | {p99:.1f} s | ≤ {most} s |")
    return "\n".join(rows)


def _all_of(trial: Trial, begin: str) -> bool:
    return len(trial.faults) == 1 and trial.faults[0].startswith(begin)


def _memory(trials: Sequence[Trial]) -> str:
    largest: dict[str, list[int]] = defaultdict(list)
    for trial in trials:
        for name, used in trial.memory_mb.items():
            largest[name].append(used)
    rows = ["| Memory at its largest | median of schedules | largest |", "| --- | --- | --- |"]
    rows += [f"| {name} | {median(used):.0f} MiB | {max(used)} MiB |" for name, used in largest.items()]
    return "\n".join(rows)


def _spans(numbers: Iterable[int]) -> list[str]:
    """Return numbers as `1 to 5`."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [f"{first} to {last}" if last > first else str(first) for first, last in spans]


def page(text: str, records: Mapping[str, Sequence[Trial]]) -> str:
    """Return the page with what came of `records` between its marks. Raises ValueError where a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} … {END} in the page")
    return f"{before}{BEGIN}\n\n{section(records)}\n\n{END}{after}"


def main(
    record: Annotated[
        list[Path] | None, typer.Argument(help="What `ovation chaos --record` has written; else all that are kept.")
    ] = None,
    write_to: Annotated[Path, typer.Option(help="The page between whose marks the tables are written.")] = PAGE,
) -> None:
    """Write tables of recorded schedules into docs/reliability.md.

    Example: ovation chaos --schedules 3 --record trials.jsonl && python -m bench.faults trials.jsonl
    """
    records = {path.name: load(path) for path in record or sorted(FOLDER.glob(RECORDS))}
    write_to.write_text(page(write_to.read_text(encoding="utf-8"), records), encoding="utf-8")
    out.print(f"{write_to}: {sum(map(len, records.values()))} schedules", markup=False)


if __name__ == "__main__":
    typer.run(main)
