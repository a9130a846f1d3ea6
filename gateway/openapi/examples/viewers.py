"""What viewers do: tap, vote, ask what became of it, watch."""

import msgspec

from contracts import messages
from gateway.openapi.document import Example
from gateway.openapi.examples.polls import OPENED_AT, POLL
from gateway.openapi.examples.streams import EMOJIS, STREAM
from gateway.reactions.tap_counter import Counted
from gateway.routes.reactions import Taps
from gateway.routes.receipts import OutcomeAnswer
from gateway.routes.viewers import Guest
from gateway.routes.votes import Ballot
from gateway.votes.ballot_box import ReceiptAnswer

_RECEIPT = ReceiptAnswer("q83vEjRWeJCrze8SNFZ4")

_REACTIONS: messages.Reactions = {
    "type": "reactions",
    "stream_id": STREAM,
    "as_of": OPENED_AT + 25_120,
    "totals": {"🔥": 5_124, "👏": 981},
    "window": {"start": OPENED_AT + 25_000, "counts": {"🔥": 12}},
}
_SNAPSHOT: messages.Snapshot = {
    "type": "snapshot",
    "stream_id": STREAM,
    "as_of": OPENED_AT + 25_120,
    "title": "Cup final",
    "emojis": list(EMOJIS),
    "status": "live",
    "reactions": _REACTIONS,
    "polls": [],
}

EXAMPLES = {
    "let_in": Example(
        answers={
            201: Guest(
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJndWVzdCJ9.c2ln",
                "guest-5f0c8d1e2b7a4c6d9e8f7a6b5c4d3e2f",
                1_763_886_400_000,
            )
        }
    ),
    "react": Example(
        bodies={"Three taps, an hour into the video.": Taps(counts={"🔥": 2, "👏": 1}, playback_ms=3_600_000)},
        answers={202: Counted(3, OPENED_AT + 25_000)},
    ),
    "vote": Example(bodies={"For the first option.": Ballot(["1"])}, answers={202: _RECEIPT}),
    "withdraw": Example(answers={202: _RECEIPT}),
    "read_receipt": Example(
        answers={200: OutcomeAnswer(STREAM, POLL, "counted", OPENED_AT + 25_120, "tLxCJ9Hsp0Gl6cbq8kDvUw")}
    ),
    "live": Example(answers={200: _SNAPSHOT}),
    "events": Example(
        answers={200: f"retry: 2718\n\nevent: snapshot\ndata: {msgspec.json.encode(_SNAPSHOT).decode()}\n\n"}
    ),
}
