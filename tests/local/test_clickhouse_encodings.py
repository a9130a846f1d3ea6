"""Bodies are unpacked with a bound, whatever they say they are."""

import pytest

from local.clickhouse.encodings import choose, compress, decompress
from local.clickhouse.errors import QueryError

DATA = b"a body that repeats itself. " * 400
ENCODINGS = ("gzip", "deflate", "lz4", "zstd")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_there_and_back(encoding: str) -> None:
    packed = compress(DATA, encoding)
    assert len(packed) < len(DATA) / 10
    assert decompress(packed, encoding, len(DATA)) == DATA
    # Clients that stream send one frame after the other.
    assert decompress(packed + packed, encoding, 2 * len(DATA)) == DATA + DATA


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_unpacks_to_more_than_the_limit_is_refused(encoding: str) -> None:
    with pytest.raises(QueryError, match="unpacks to more than") as refused:
        decompress(compress(DATA, encoding), encoding, len(DATA) - 1)
    assert refused.value.status == 413


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_damaged_and_cut_bodies_are_refused(encoding: str) -> None:
    packed = compress(DATA, encoding)
    for body in (b"plain text", packed[:-5]):
        with pytest.raises(QueryError) as refused:
            decompress(body, encoding, len(DATA))
        assert refused.value.status == 400


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(QueryError, match="Unknown Content-Encoding 'br'"):
        decompress(b"x", "br", 10)


@pytest.mark.parametrize(
    ("header", "chosen"),
    [("", None), ("br", None), ("br, gzip;q=0.5", "gzip"), ("lz4,zstd", "lz4"), ("gzip;q=0", None)],
)
def test_choice_of_an_answers_encoding(header: str, chosen: str | None) -> None:
    assert choose(header) == chosen
