"""Every input of the fuzzer's corpus, with every test run; the fuzzer itself is `make fuzz-decoder`."""

from pathlib import Path

import pytest

from tests.fuzz.decoding import read_by, try_one

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_it_is_read_as_it_says_or_refused_by_name(file: Path) -> None:
    raw = file.read_bytes()
    try_one(raw)
    if not file.name.startswith("wire-"):
        assert bool(read_by(raw)) is file.name.startswith("good-")
