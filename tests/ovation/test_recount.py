import io
import json
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from contracts.ballots import Digest, ballot_id, line
from ovation.cli import app
from ovation.recount import NotBallots, recount

OPTIONS = 4
Ballot = tuple[str, Sequence[str]]


def cast(count: int) -> list[Ballot]:
    """Made-up ballots in the order of a list."""
    made = random.Random(7)
    ids = sorted(ballot_id(f"receipt-{number}") for number in range(count))
    return [(each, sorted(made.sample("1234"[:OPTIONS], made.choice((1, 2))))) for each in ids]


def header(ballots: Sequence[Ballot], **changes: Any) -> dict[str, Any]:
    """The first line that belongs to these ballots."""
    digest = Digest()
    for each in ballots:
        digest.add(line(*each))
    votes = [sum(str(option) in choices for _, choices in ballots) for option in range(1, OPTIONS + 1)]
    rest = {"replaced": 3, "withdrawn": 1, "duplicate": 2, "late": 4, "invalid": 0, "ineligible": 5}
    return {
        "stream_id": "cup",
        "poll_id": "best",
        "question": "Who was the best? 🏆",
        "options": [{"id": str(number), "text": f"Option {number}"} for number in range(1, OPTIONS + 1)],
        "max_choices": 2,
        "result": {"votes": votes, "voters": len(ballots), "received": len(ballots) + sum(rest.values()), **rest},
        "digest": str(digest),
        "ballots": len(ballots),
        **changes,
    }


def text(first: object, ballots: Sequence[Ballot]) -> bytes:
    return json.dumps(first, ensure_ascii=False).encode() + b"\n" + b"".join(line(*each) for each in ballots)


BALLOTS = cast(50)
WHOLE = text(header(BALLOTS), BALLOTS)
FIRST_LINES = WHOLE.splitlines(keepends=True)


def what_differs(found: bytes) -> list[str]:
    return [difference.what for difference in recount(io.BytesIO(found)).differences]


@given(st.integers(0, 200))
def test_a_list_gives_the_result_that_it_says(count: int) -> None:
    ballots = cast(count)
    found = recount(io.BytesIO(text(header(ballots), ballots)))
    assert found.differences == []
    assert found.voters == count
    assert list(found.votes) == header(ballots)["result"]["votes"]


def test_a_ballot_that_was_taken_out_is_noticed() -> None:
    differing = what_differs(text(header(BALLOTS), BALLOTS[:7] + BALLOTS[8:]))
    assert differing[:2] == ["ballots", "voters"] and differing[-1] == "digest"


def test_a_ballot_that_was_put_in_is_noticed() -> None:
    added = sorted([*BALLOTS, (ballot_id("one more"), ("3",))])
    assert what_differs(text(header(BALLOTS), added)) == ["ballots", "voters", "votes for option 3", "digest"]


def test_a_ballot_that_was_changed_is_noticed_even_if_the_numbers_stay() -> None:
    first, second = next(
        (one, two)
        for one in range(50)
        for two in range(50)
        if len(BALLOTS[one][1]) == len(BALLOTS[two][1]) == 1 and BALLOTS[one][1] != BALLOTS[two][1]
    )
    changed = list(BALLOTS)
    changed[first], changed[second] = (BALLOTS[first][0], BALLOTS[second][1]), (BALLOTS[second][0], BALLOTS[first][1])
    assert what_differs(text(header(BALLOTS), changed)) == ["digest"]


def test_a_list_that_ends_between_two_lines_is_noticed() -> None:
    assert what_differs(b"".join(FIRST_LINES[:20]))[0] == "ballots"


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        (lambda result: {**result, "votes": [result["votes"][0] + 1, *result["votes"][1:]]}, "votes for option 1"),
        (lambda result: {**result, "voters": result["voters"] + 1, "received": result["received"] + 1}, "voters"),
        (lambda result: {**result, "late": result["late"] + 1}, "received"),
    ],
)
def test_a_result_that_is_not_that_of_the_ballots_is_noticed(
    change: Callable[[dict[str, Any]], dict[str, Any]], differing: str
) -> None:
    first = header(BALLOTS)
    first["result"] = change(first["result"])
    assert what_differs(text(first, BALLOTS)) == [differing]


FAULTS = {
    "empty": (b"", 1, "there is nothing"),
    "not JSON": (b"PK\x03\x04\n", 1, "is not JSON"),
    "not UTF-8": (b'"\xff"\n', 1, "is not JSON"),
    "deep": (b"[" * 100_000, 1, "is not JSON"),
    "other JSON": (b'{"stream_id": "cup"}\n', 1, "missing required field"),
    "a refusal": (
        b'{"type": "/problems/not-final-poll", "title": "No", "status": 409, "detail": "Only once it is final."}',
        1,
        "an answer of the gateway that says no: Only once it is final.",
    ),
    "no first line": (b"".join(FIRST_LINES[1:]), 1, "the line before the ballots"),
    "too few votes": (
        text(header(BALLOTS, result={**header(BALLOTS)["result"], "votes": [1]}), BALLOTS),
        1,
        "not as many votes as options",
    ),
    "cut off": (WHOLE[:-9], 51, "was cut off"),
    "CR LF": (b"".join([FIRST_LINES[0], FIRST_LINES[1].replace(b"\n", b"\r\n")]), 2, "CR LF"),
    "written otherwise": (b"".join([FIRST_LINES[0], FIRST_LINES[1].replace(b":", b": ")]), 2, "nothing between"),
    "a blank line": (b"".join([*FIRST_LINES[:3], b"\n", *FIRST_LINES[3:]]), 4, "is not a ballot"),
    "twice": (b"".join([*FIRST_LINES[:3], FIRST_LINES[2]]), 4, "each is there once"),
    "not sorted": (b"".join([FIRST_LINES[0], FIRST_LINES[2], FIRST_LINES[1]]), 3, "are sorted"),
    "unknown option": (text(header([]), [("A" * 22, ("5",))]), 2, "no option 5"),
    "too many": (text(header([]), [("A" * 22, ("1", "2", "3"))]), 2, "at most 2, and this one 3"),
    "wrong order": (text(header([]), [("A" * 22, ("2", "1"))]), 2, "in the order of the poll"),
    "an option twice": (text(header([]), [("A" * 22, ("1", "1"))]), 2, "each once"),
    "no choices": (text(header([]), [("A" * 22, ())]), 2, "is not a ballot"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_list_is_refused_with_the_line_and_what_is_wrong(name: str) -> None:
    found, number, what = FAULTS[name]
    with pytest.raises(NotBallots) as refused:
        recount(io.BytesIO(found))
    assert f"Line {number}: " in str(refused.value)
    assert what in str(refused.value)


@given(st.binary(max_size=300), st.integers(0, len(WHOLE)))
def test_whatever_is_in_the_file_the_answer_is_a_sentence(noise: bytes, place: int) -> None:
    try:
        found = recount(io.BytesIO(WHOLE[:place] + noise + WHOLE[place:]))
    except NotBallots:
        return
    assert found.differences == [] or noise


class Lines(io.RawIOBase):
    """A list of many ballots that is made while it is read."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._first: bytes | None = json.dumps({**header([]), "ballots": count}).encode() + b"\n"
        self._number = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        if self._number == self._left:
            return b""
        self._number += 1
        return b'{"ballot":"%022d","choices":["%d"]}\n' % (self._number, self._number % OPTIONS + 1)


def test_a_long_list_needs_no_more_memory_than_a_short_one() -> None:
    tracemalloc.start()
    try:
        found = recount(Lines(50_000))  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.voters == 50_000
    assert peak < 500_000


def test_a_list_is_counted_quickly() -> None:
    """A million ballots take about a second; this leaves room for a machine that has much else to do."""
    started = time.process_time()
    recount(Lines(100_000))  # type: ignore[arg-type]
    assert time.process_time() - started < 2


def run(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["recount", *words], env={"COLUMNS": "200"})
    return answer.exit_code, answer.output


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "best.ndjson"
    path.write_bytes(WHOLE)
    return path


def test_the_command_shows_the_result_and_says_that_it_is_right(whole: Path) -> None:
    code, shown = run(str(whole))
    assert code == 0
    votes = header(BALLOTS)["result"]["votes"]
    for option, count in enumerate(votes, 1):
        assert any(f"Option {option}" in row and row.endswith(f" {count}") for row in shown.splitlines()), shown
    assert "Who was the best? 🏆" in shown and "50 voters" in shown
    assert "The ballots give exactly this result." in shown and header(BALLOTS)["digest"] in shown


def test_the_command_says_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "cut.ndjson"
    path.write_bytes(b"".join(FIRST_LINES[:41]))
    code, shown = run(str(path))
    assert code == 1
    assert "ballots: the list says 50, its ballots give 40" in shown
    assert "does not give the result that it says" in shown


def test_the_command_answers_in_json(whole: Path) -> None:
    code, shown = run(str(whole), "--json")
    assert code == 0
    answer = json.loads(shown)
    assert answer["agrees"] is True and answer["differences"] == [] and answer["voters"] == 50
    assert list(answer["votes"].values()) == header(BALLOTS)["result"]["votes"]


def test_the_command_reads_what_is_piped_into_it() -> None:
    command = [sys.executable, "-m", "ovation", "recount", "-", "--json"]
    done = subprocess.run(command, input=WHOLE, capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout)["agrees"] is True
    assert done.stderr == b""


def test_the_command_takes_what_no_list_is_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bad.ndjson"
    path.write_bytes(WHOLE[:-9])
    assert run(str(path)) == (
        1,
        "This is no list of a poll's ballots. Line 51: it ends in the middle: the list was cut off.\n",
    )
    missing = tmp_path / "missing"
    assert run(str(missing)) == (1, f"{missing} cannot be read: No such file or directory.\n")
    assert run(str(tmp_path)) == (1, f"{tmp_path} cannot be read: Is a directory.\n")


def test_what_would_steer_the_terminal_is_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "colours.ndjson"
    path.write_bytes(text(header(BALLOTS, question="Who?\x1b[2J\x07[red]"), BALLOTS))
    code, shown = run(str(path))
    assert code == 0
    assert "\x1b" not in shown and "\x07" not in shown and "[red]" in shown
