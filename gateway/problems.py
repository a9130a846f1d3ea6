"""Every way in which the gateway says no, declared once (RFC 9457). `/problems/NAME` explains each to who meets it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem. Its type, a URI reference, is `/problems/` and its name."""

    name: str
    status: int
    title: str
    about: str

    @property
    def type(self) -> str:
        return f"/problems/{self.name}"


ALL: dict[str, Problem] = {}
"""Every problem by its name."""


def _declare(name: str, status: int, title: str, about: str) -> Problem:
    ALL[name] = problem = Problem(name, status, title, about)
    return problem


NOT_JSON = _declare("not-json", 400, "Not JSON", "The body or frame is not JSON in UTF-8.")
TOO_LARGE = _declare("too-large", 413, "Too large", "The body or frame has more bytes than any valid one needs.")
INVALID_FIELD = _declare(
    "invalid-field",
    422,
    "Invalid field",
    "A field is missing, has the wrong type, or is outside its bounds; `field` names it.",
)
INVALID_REQUEST = _declare(
    "invalid-request", 422, "Invalid request", "The request does not match the API's description."
)
UNKNOWN_FRAME = _declare("unknown-frame", 422, "Unknown frame", "A frame's `type` is `react` or `vote`.")
NOT_FOUND = _declare("not-found", 404, "Not found", "Nothing is at this address.")
METHOD_NOT_ALLOWED = _declare(
    "method-not-allowed", 405, "Method not allowed", "This address takes other methods; `Allow` lists them."
)
HTTP_ERROR = _declare("http-error", 400, "Request refused", "The request breaks a rule of HTTP.")
INTERNAL = _declare(
    "internal", 500, "Internal error", "The gateway failed. It is written in its log; trying again may help."
)

BAD_API_KEY = _declare(
    "bad-api-key", 401, "Bad API key", "This call is a broadcaster's: `Authorization: Bearer` with an API key."
)
MISSING_TOKEN = _declare(
    "missing-token",
    401,
    "Missing token",
    "This call is a viewer's: `Authorization: Bearer` with a token, or `bearer.TOKEN` as subprotocol.",
)
BAD_TOKEN = _declare(
    "bad-token", 401, "Bad token", "The token is not one that this gateway's secret has signed, or lacks a claim."
)
EXPIRED_TOKEN = _declare(
    "expired-token", 401, "Expired token", "The token's time is over; ask the broadcaster for a new one."
)
FOREIGN_TOKEN = _declare(
    "foreign-token", 403, "Token of another stream", "The token is good, but for another stream than this."
)
ROLE_NOT_ALLOWED = _declare(
    "role-not-allowed", 403, "Role may not do this", "An overlay watches; only a viewer taps and votes."
)
FOREIGN_ORIGIN = _declare(
    "foreign-origin",
    403,
    "Foreign origin",
    "A page of this origin may not open a socket; OVATION_ALLOWED_ORIGINS lists who else may.",
)

UNKNOWN_STREAM = _declare("unknown-stream", 404, "Unknown stream", "No stream has this id.")
STREAM_EXISTS = _declare("stream-exists", 409, "Stream exists", "A stream with this id was created before.")
ENDED_STREAM = _declare("ended-stream", 409, "Ended stream", "The stream has ended and takes nothing any more.")
UNKNOWN_POLL = _declare("unknown-poll", 404, "Unknown poll", "The stream has no poll with this id.")
POLL_EXISTS = _declare("poll-exists", 409, "Poll exists", "The stream has a poll with this id already.")
POLL_NOT_OPEN = _declare(
    "poll-not-open", 409, "Poll not open yet", "The poll is still a draft; votes count once it is open."
)
CLOSED_POLL = _declare("closed-poll", 409, "Closed poll", "The poll is closed; its votes are counted.")
UNSUPPORTED_RESULTS = _declare(
    "unsupported-results",
    422,
    "Unsupported results mode",
    "This version shows results always; the other modes are not served yet.",
)

NO_CHOICES = _declare("no-choices", 422, "No choices", "A vote chooses at least one option.")
TOO_MANY_CHOICES = _declare(
    "too-many-choices", 422, "Too many choices", "The vote chooses more options than the poll's `max_choices`."
)
DUPLICATE_CHOICES = _declare("duplicate-choices", 422, "Duplicate choices", "The vote names an option more than once.")
UNKNOWN_OPTION = _declare("unknown-option", 422, "Unknown option", "The poll has no option with this id.")

NO_COUNTS = _declare("no-counts", 422, "No counts", "`counts` names at least one emoji.")
UNKNOWN_EMOJI = _declare("unknown-emoji", 422, "Unknown emoji", "The stream does not offer this emoji.")
NEGATIVE_COUNT = _declare("negative-count", 422, "Negative count", "Taps cannot be taken back: a count is at least 1.")
ZERO_COUNT = _declare("zero-count", 422, "Zero count", "A count is at least 1; leave out what was not tapped.")
HUGE_COUNT = _declare("huge-count", 422, "Huge count", "No thumb taps as often as this between two requests.")

STARTING = _declare("starting", 503, "Starting", "This gateway is still reading which streams there are.")
STOPPING = _declare("stopping", 503, "Stopping", "This gateway is shutting down; another one takes the request.")
KAFKA_UNREACHABLE = _declare(
    "kafka-unreachable",
    503,
    "Kafka not reachable",
    "Kafka did not confirm in time. It may still have been taken; trying again is safe.",
)
TOO_MUCH_WAITING = _declare(
    "too-much-waiting", 503, "Too much waiting", "So much waits already that nothing more is taken for a moment."
)
