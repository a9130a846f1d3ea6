import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from ovation.backfill import files
from ovation.errors import OvationError
from tests.jobs.votes import START, batches, vote

TAPS: dict[str, Any] = {
    "v": 1,
    "stream_id": "cup",
    "region": "eu",
    "edge": "gw-1",
    "at": START,
    "counts": {"🔥": 3, "👏": 41},
}
VOTES = batches([vote(1, 1, 1), vote(2, 2, 2)])[0]
COMPACT = json.dumps(TAPS, ensure_ascii=False, separators=(",", ":"))


def write(path: Path, *lines: str | bytes) -> Path:
    raw = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


def test_both_kinds_are_told_apart_and_blanks_do_not_matter(tmp_path: Path) -> None:
    one = write(tmp_path / "one.ndjson", COMPACT, json.dumps(TAPS), "", json.dumps(VOTES, indent=None), COMPACT + "\r")
    two = write(tmp_path / "two.GZ.gz", json.dumps(dict(reversed(TAPS.items()))), json.dumps(VOTES))
    done: list[int] = []
    contents = files.look_through([one, two], done.append)
    assert contents.records == {"reactions": 4, "votes": 2}
    assert (contents.unreadable, contents.named) == (0, [])
    assert done[-1] == one.stat().st_size + two.stat().st_size


def test_unreadable_lines_are_counted_and_the_first_are_named_with_their_line(tmp_path: Path) -> None:
    broken: list[str | bytes] = [
        "not json",
        b"\xff\xfe",
        "[" * 5_000,
        json.dumps({**TAPS, "v": 2}),
        json.dumps({**VOTES, "votes": [{**VOTES["votes"][0], "options": 99}]}),
        *["{}"] * 20,
    ]
    path = write(tmp_path / "past.ndjson", COMPACT, "", *broken, COMPACT)
    contents = files.look_through([path])
    assert contents.records == {"reactions": 2, "votes": 0}
    assert contents.unreadable == len(broken)
    assert [sentence.split(":")[0] for sentence in contents.named] == [f"{path}, line {n}" for n in range(3, 8)]
    assert "not JSON" in contents.named[0]
    assert contents.named[3].endswith("$.v: 1 was expected")
    assert "$.votes[0].options" in contents.named[4]


def test_files_without_a_record_are_refused_with_the_first_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "past.csv", "stream,emoji,taps", "cup,🔥,3")
    with pytest.raises(OvationError, match=r"no record of reactions or votes in .*past\.csv\. .* line 1: not JSON"):
        files.look_through([path])
    with pytest.raises(OvationError, match="no record"):
        files.look_through([write(tmp_path / "empty")])


def test_a_line_that_is_too_long_ends_it(tmp_path: Path) -> None:
    path = write(tmp_path / "past", COMPACT, "x" * (files.MAX_LINE_BYTES + 5), COMPACT)
    with pytest.raises(OvationError, match=r"past, line 2 is longer than 1,048,576 bytes"):
        files.look_through([path])


@pytest.mark.parametrize(
    "raw",
    [b"no gzip", gzip.compress(COMPACT.encode())[:-12], gzip.compress(b"x" * 99)[:30] + b"!"],
    ids=["none", "cut off", "damaged"],
)
def test_a_broken_archive_is_one_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "past.gz"
    path.write_bytes(raw)
    with pytest.raises(OvationError, match=r"past\.gz cannot be read: [^\n]+$"):
        files.look_through([path])


def test_paths_that_cannot_be_imported(tmp_path: Path) -> None:
    path = write(tmp_path / "past", COMPACT)
    link = tmp_path / "link"
    link.symlink_to(path)
    files.check([path])
    for paths, sentence in [
        ([tmp_path / "nothing"], "there is no such file"),
        ([tmp_path], "is no file"),
        ([path, path], "named twice"),
        ([path, link], "named twice"),
    ]:
        with pytest.raises(OvationError, match=sentence):
            files.check(paths)
