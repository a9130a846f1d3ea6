"""The list of ballots of a small final poll."""

import msgspec

from contracts.ballots import Digest, Header, line
from gateway.openapi.document import Example
from gateway.openapi.examples.polls import POLL
from gateway.openapi.examples.streams import STREAM

_LINES = [
    line("2pVQbL1x0q4nF7mZ9sYkTg", ["1"]),
    line("tLxCJ9Hsp0Gl6cbq8kDvUw", ["1"]),
    line("zK8wq3-N5vRjE1aXo7dUyA", ["2"]),
]


def _digest() -> str:
    digest = Digest()
    for each in _LINES:
        digest.add(each)
    return str(digest)


_HEADER: Header = {
    "stream_id": STREAM,
    "poll_id": POLL,
    "question": "Who was the best?",
    "options": [{"id": "1", "text": "Ana"}, {"id": "2", "text": "Bo"}],
    "max_choices": 1,
    "result": {
        "votes": [2, 1],
        "voters": 3,
        "received": 4,
        "replaced": 0,
        "withdrawn": 0,
        "duplicate": 0,
        "late": 1,
        "invalid": 0,
        "ineligible": 0,
    },
    "digest": _digest(),
    "ballots": 3,
}

EXAMPLES = {
    "read_ballots": Example(answers={200: b"".join([msgspec.json.encode(_HEADER), b"\n", *_LINES]).decode()}),
}
