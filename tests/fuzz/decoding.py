"""What must hold for whatever bytes a caller sends: they are read as what they say, or refused by name."""

import json
from typing import Any

import msgspec

from gateway import problems
from gateway.decoding import decode
from gateway.live import frames
from gateway.live.framing import end_of, texts_of
from gateway.refusal import Refused
from gateway.routes.poll_shapes import NewPoll
from gateway.routes.reactions import taps_decoder
from gateway.routes.votes import ballot_decoder

_poll_decoder = msgspec.json.Decoder(NewPoll)
READERS: dict[str, Any] = {
    "taps": lambda raw: decode(raw, taps_decoder),
    "ballot": lambda raw: decode(raw, ballot_decoder),
    "poll": lambda raw: decode(raw, _poll_decoder),
    "frame": frames.read,
}
REFUSALS = {problems.NOT_JSON, problems.INVALID_FIELD, problems.DUPLICATE_KEY, problems.UNKNOWN_FRAME}
MOST = 16_384


def read_by(raw: bytes) -> set[str]:
    """Return the readers that take `raw`. Raises AssertionError where one does not do as it must."""
    return {name for name in READERS if _takes(name, raw)}


def _takes(name: str, raw: bytes) -> bool:
    try:
        value = READERS[name](raw)
    except Refused as refused:
        assert refused.problem in REFUSALS, refused
        assert json.loads(refused.body("id"))["type"].startswith("/problems/")
        return False
    # Another reader reads the same.
    other = json.loads(raw.decode(), object_pairs_hook=_once)
    for field, read in json.loads(json.dumps(msgspec.to_builtins(value))).items():
        if field in other and field != "type":
            assert read == other[field], (field, read, other[field])
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    assert len(read) == len(pairs), "a key twice"
    return read


def frames_are_cut_alike(data: bytes, cut: int) -> None:
    """Check that frames are the same however their bytes come: at once, or in two pieces."""
    whole, end = texts_of(data, 0, MOST)
    first, at = texts_of(data[:cut], 0, MOST)
    then, last = texts_of(data, at, MOST)
    assert (first + then, last) == (whole, end)
    assert at <= end <= len(data)
    stop = end_of(data, end, MOST)
    assert stop is None or end < stop <= len(data)
    for text in whole:
        assert len(text) <= MOST
        frames.read_id(text)


def try_one(data: bytes) -> None:
    """Hold the readers to all of this for one input."""
    read_by(data)
    frames.read_id(data)
    frames_are_cut_alike(data, len(data) // 2)
