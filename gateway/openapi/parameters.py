"""Parameters of requests: ids in paths, headers, and what may stand in a query. Each is described once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contracts.limits import ID_PATTERN, MAX_INTERVAL_MS, MAX_STEP_S, MIN_INTERVAL_MS
from gateway.history.export import MAX_ROWS, USUAL_ROWS
from gateway.history.export_cursor import MAX_CHARS as MAX_CURSOR_CHARS
from gateway.history.export_formats import FORMATS


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. Only those in a path are required."""

    name: str
    place: Literal["path", "header", "query"]
    about: str
    example: str | int | float
    bounds: Mapping[str, Any]
    """What its JSON Schema says beside the type."""

    def document(self) -> dict[str, Any]:
        """Return it as OpenAPI's Parameter Object."""
        of = {int: "integer", float: "number", str: "string"}[type(self.example)]
        return {
            "name": self.name,
            "in": self.place,
            "required": self.place == "path",
            "description": self.about,
            "schema": {"type": of, **self.bounds},
            "example": self.example,
        }


def _path(name: str, about: str, example: str, pattern: str) -> Parameter:
    return Parameter(name, "path", about, example, {"pattern": pattern})


_OF_PATHS = {
    each.name: each
    for each in (
        _path("stream", "The stream's id.", "cup-final", ID_PATTERN),
        _path("poll", "The poll's id, unique in its stream.", "man-of-the-match", ID_PATTERN),
        _path("key", "The API key's id, not the key itself.", "k3v9", ID_PATTERN),
        _path("receipt", "A vote's receipt, as it was answered.", "q83vEjRWeJCrze8SNFZ4", "^[A-Za-z0-9_-]{1,1000}$"),
        _path("version", "The version of all files, as a page names it.", "5f2b8c01d9ae", "^[0-9a-f]{12}$"),
        _path("folder", "The page, or what pages share.", "watch", "^[a-z]+$"),
        _path("file", "A file that a page needs.", "watch.js", "^[a-z_]+[.][a-z]+$"),
        _path("name", "A problem's name: the end of its `type`.", "unknown-poll", "^[a-z][a-z-]*$"),
    )
}

IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    "The client's own mark on this write. Within 24 hours the same key has the same answer and no second effect, "
    "through any gateway; with another request it is refused.",
    "0d6bd9c2-7c8f-4b3e-9a53-3f0f1b7a2c11",
    {"maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
)
IF_MATCH = Parameter(
    "If-Match",
    "header",
    "An `ETag` of the poll, or `*`. The poll is changed only if nobody has changed it since; votes do not count as "
    "changes.",
    '"2.1417"',
    {},
)
IF_NONE_MATCH = Parameter(
    "If-None-Match",
    "header",
    "`ETag`s that the caller has a copy of; if one is the newest, the answer is an empty 304.",
    '"2.1417"',
    {},
)

INTERVAL = Parameter(
    "interval_ms",
    "query",
    "Shortest time between two messages about the stream; else 50 ms, or what the gateway is set to.",
    250,
    {"minimum": MIN_INTERVAL_MS, "maximum": MAX_INTERVAL_MS},
)

_TIME = {"minimum": 0, "maximum": 9_999_999_999_999}
CLOCK = Parameter(
    "clock",
    "query",
    "What times go by: `wall`, milliseconds since the epoch; or `video`, milliseconds from the beginning of the video, "
    "as viewers' players said (`playback_ms`). Else `wall`.",
    "wall",
    {"enum": ["wall", "video"]},
)
FROM = Parameter("from", "query", "Start of the span, in ms of the clock; else the stream's.", 1_763_800_000_000, _TIME)
TO = Parameter("to", "query", "End of the span, not part of it; else the stream's, or now.", 1_763_800_600_000, _TIME)
STEP = Parameter(
    "step",
    "query",
    "Seconds of one step; else as long that there are some hundred steps.",
    60,
    {"minimum": 1, "maximum": MAX_STEP_S},
)
SCORE = Parameter(
    "score",
    "query",
    "How far above the stream's median a moment begins, in robust standard deviations (1.4826 x MAD).",
    5.0,
    {"minimum": 0.5, "maximum": 1000},
)
TOP = Parameter("top", "query", "How many moments, the highest first.", 20, {"minimum": 1, "maximum": 100})

SINCE = Parameter("from", "query", "Rows from here on, epoch milliseconds; else from the first.", FROM.example, _TIME)
BEFORE = Parameter("to", "query", "Rows before this, epoch milliseconds; else to the last.", TO.example, _TIME)
FORMAT = Parameter("format", "query", "Form of the answer; else `csv`.", "ndjson", {"enum": list(FORMATS)})
LIMIT = Parameter(
    "limit", "query", f"Most rows of this page; else {USUAL_ROWS}.", 50_000, {"minimum": 1, "maximum": MAX_ROWS}
)
CURSOR = Parameter(
    "cursor",
    "query",
    "Where the page begins: `Next-Cursor` of the page before it; else at the first row.",
    "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ",
    {"maxLength": MAX_CURSOR_CHARS, "pattern": "^[A-Za-z0-9_-]+$"},
)


def of_path(name: str) -> dict[str, Any]:
    """Return the document of a parameter in a path. Raises KeyError for one that is not described here."""
    return _OF_PATHS[name].document()
