"""Streams and tokens."""

from gateway.openapi.document import Example
from gateway.routes.streams import NewStream, StreamAnswer
from gateway.routes.tokens import NewToken, TokenAnswer

STREAM = "cup-final"
CREATED_AT = 1_763_800_000_000
EMOJIS = ("🔥", "👏")

_LIVE = StreamAnswer(
    stream_id=STREAM, title="Cup final", emojis=EMOJIS, status="live", created_at=CREATED_AT, ended_at=None
)
_ENDED = StreamAnswer(
    stream_id=STREAM,
    title="Cup final",
    emojis=EMOJIS,
    status="ended",
    created_at=CREATED_AT,
    ended_at=CREATED_AT + 7_200_000,
)

EXAMPLES = {
    "create_stream": Example(
        bodies={
            "With an id of one's own.": NewStream(title="Cup final", emojis=list(EMOJIS), stream_id=STREAM),
            "With an id that the gateway makes up.": NewStream(title="Cup final", emojis=list(EMOJIS)),
        },
        answers={201: _LIVE},
    ),
    "read_stream": Example(answers={200: _LIVE}),
    "end_stream": Example(answers={200: _ENDED}),
    "move_stream": Example(answers={200: _LIVE}),
    "create_token": Example(
        bodies={
            "For a viewer with a season ticket.": NewToken(
                viewer_id="user-17", role="viewer", claims={"ticket": "season"}, expires_in_s=7_200
            ),
            "For the broadcaster's overlay.": NewToken(viewer_id="obs", role="overlay"),
            "For a link that anybody may open.": NewToken(role="invite"),
        },
        answers={201: TokenAnswer("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNyJ9.c2ln", 1_763_807_200_000)},
    ),
}
