import msgspec
import pytest

from gateway.decoding import decode
from gateway.refusal import Refused


class Inner(msgspec.Struct):
    n: int


class Shape(msgspec.Struct):
    counts: dict[str, int]
    inner: list[Inner] = []


DECODER = msgspec.json.Decoder(Shape)


def refused(raw: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        decode(raw, DECODER)
    return caught.value


def test_ignores_fields_that_it_does_not_know() -> None:
    assert decode(b'{"counts": {"a": 1}, "new": true}', DECODER).counts == {"a": 1}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"counts", b"\xff\xfe", b'{"counts": {"\\ud800": 1}}', b'{"a":' * 8_000, b'{"counts": NaN}'],
)
def test_not_json(raw: bytes) -> None:
    assert refused(raw).problem.name == "not-json"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"{}", "counts"),
        (b'{"counts": []}', "counts"),
        (b'{"counts": {"a": "1"}}', "counts"),
        (b'{"counts": {"a": 1.5}}', "counts"),
        (b'{"counts": {"a": true}}', "counts"),
        (b'{"counts": {}, "inner": [{}]}', "inner[0].n"),
        (b"[]", None),
    ],
)
def test_names_the_field(raw: bytes, field: str | None) -> None:
    found = refused(raw)
    assert (found.problem.name, found.field) == ("invalid-field", field)
