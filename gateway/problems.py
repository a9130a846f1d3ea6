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
DUPLICATE_KEY = _declare(
    "duplicate-key",
    400,
    "Same key twice",
    "An object in the body or frame has the same key twice, and programs differ in which of them they take.",
)
NOT_HTTP = _declare("not-http", 400, "Not HTTP", "What came is no HTTP/1.1 request. The connection is closed.")
SLOW_REQUEST = _declare(
    "slow-request",
    408,
    "Request too slow",
    "The request was not whole in time after its first bytes. The connection is closed.",
)
LARGE_HEAD = _declare(
    "large-head",
    431,
    "Headers too large",
    "Request line and headers have more bytes than any valid request needs. The connection is closed.",
)
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
UNKNOWN_FRAME = _declare(
    "unknown-frame", 422, "Unknown frame", "A frame's `type` is `react`, `vote`, `withdraw`, `show` or `ping`."
)
WRONG_ORDER = _declare(
    "wrong-order", 409, "Wrong order", "Within a session every frame has a larger `id` than the frames before it."
)
UNCERTAIN_TAPS = _declare(
    "uncertain-taps",
    409,
    "Uncertain taps",
    "These taps were sent before, to a gateway that cannot be asked any more. They may be counted already, so they are "
    "not counted again.",
)
BAD_FRAMES = _declare(
    "bad-frames",
    400,
    "Too many bad frames",
    "The socket was closed after one frame too many that was unreadable, unknown or out of order.",
)
TOO_MANY_FRAMES = _declare(
    "too-many-frames",
    429,
    "Too many frames",
    "The socket was closed because frames went on coming after they had been refused for their number.",
)
SLOW_SOCKET = _declare(
    "slow-socket", 408, "Slow socket", "The socket was closed because it took nothing of what was sent for too long."
)
RESUMED_ELSEWHERE = _declare(
    "resumed-elsewhere",
    409,
    "Resumed elsewhere",
    "The session goes on over another socket, so that this one takes nothing any more.",
)
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
MISSING_SCOPE = _declare(
    "missing-scope",
    403,
    "Missing scope",
    "The API key is good, but not for this: `field` names the scope that it lacks.",
)
UNKNOWN_KEY = _declare("unknown-key", 404, "Unknown key", "No API key has this id.")
ENDED_KEY = _declare(
    "ended-key", 409, "Ended key", "The API key was revoked or has expired; a new one is made, not rotated."
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
    "role-not-allowed",
    403,
    "Role may not do this",
    "An overlay only watches, an invite only lets viewers in, and only a viewer taps and votes.",
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
    "poll-not-open", 409, "Poll not open yet", "The poll is a draft or scheduled; votes count once it is open."
)
PAUSED_POLL = _declare("paused-poll", 409, "Paused poll", "The poll takes no votes until it is opened again.")
CLOSED_POLL = _declare("closed-poll", 409, "Closed poll", "The poll is closed; it cannot go back to an earlier state.")
CANCELLED_POLL = _declare("cancelled-poll", 409, "Cancelled poll", "The poll was cancelled; no vote in it counts.")
FINAL_POLL = _declare(
    "final-poll", 409, "Final poll", "The poll's result is final; nothing more is counted, not even as late."
)
NOT_FINAL_POLL = _declare(
    "not-final-poll", 409, "Poll not final", "The list of ballots is there once the poll is final."
)
LOCKED_POLL = _declare(
    "locked-poll", 409, "Locked poll", "Somebody has voted: options and rules cannot change any more."
)
INVALID_SCHEDULE = _declare(
    "invalid-schedule",
    422,
    "Invalid schedule",
    "The poll's times are in the past, too far away, or in the wrong order.",
)
INVALID_RULES = _declare("invalid-rules", 422, "Invalid rules", "The poll's rules contradict each other.")
PRECONDITION_FAILED = _declare(
    "precondition-failed",
    412,
    "Precondition failed",
    "The poll is not the one that `If-Match` names any more; read it again.",
)
OTHER_REGION = _declare(
    "other-region",
    421,
    "Other region",
    "Another region changes this stream, and `detail` names it: ask a gateway there, or move the stream here "
    "(`POST /v1/streams/{stream}/move`) when that region is lost.",
)
CONFLICT = _declare(
    "conflict", 409, "Conflict", "Another gateway changed the same thing at the same moment; read it again."
)

LATE_VOTE = _declare(
    "late-vote",
    409,
    "Late vote",
    "The poll was closed when the vote came. It is counted as late, and its receipt says so.",
)
INELIGIBLE = _declare(
    "ineligible",
    403,
    "Not eligible",
    "The claims in the viewer's token do not allow a vote in this poll, or as many of its network have voted as the "
    "gateway counts. It is counted as ineligible, and its receipt says why.",
)
NOT_WITHDRAWABLE = _declare(
    "not-withdrawable", 409, "Vote cannot be withdrawn", "This poll's rules keep a vote once it is cast."
)
UNKNOWN_RECEIPT = _declare(
    "unknown-receipt", 404, "Unknown receipt", "This is not a receipt that a gateway of this deployment gave."
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

RATE_LIMITED = _declare(
    "rate-limited",
    429,
    "Too many requests",
    "`RateLimit-Policy` says which limit was met, `Retry-After` how long to wait.",
)
BAD_IDEMPOTENCY_KEY = _declare(
    "bad-idempotency-key", 422, "Bad Idempotency-Key", "The key is 1 to 255 printable ASCII characters."
)
IDEMPOTENCY_KEY_REUSED = _declare(
    "idempotency-key-reused",
    422,
    "Idempotency-Key used before",
    "The key was sent within 24 hours with another request; a new request needs a new key.",
)
IDEMPOTENCY_IN_PROGRESS = _declare(
    "idempotency-in-progress", 409, "Still in progress", "The first request with this key is not answered yet."
)
IDEMPOTENCY_UNAVAILABLE = _declare(
    "idempotency-unavailable",
    503,
    "Idempotency-Key cannot be honoured",
    "Redis is away, so nobody can say whether this key was used. Nothing was done; without the key it would be.",
)

STARTING = _declare("starting", 503, "Starting", "This gateway is still reading which streams there are.")
STOPPING = _declare("stopping", 503, "Stopping", "This gateway is shutting down; another one takes the request.")
KAFKA_UNREACHABLE = _declare(
    "kafka-unreachable",
    503,
    "Kafka not reachable",
    "Kafka did not confirm in time. It may still have been taken; trying again is safe.",
)
REDIS_UNREACHABLE = _declare(
    "redis-unreachable",
    503,
    "Redis not reachable",
    "Nobody can say now whether somebody has voted, so the rules of a poll that takes votes cannot change.",
)
HISTORY_UNREACHABLE = _declare(
    "history-unreachable", 503, "History not reachable", "ClickHouse does not answer; the votes are safe in Kafka."
)
HISTORY_LIMIT = _declare(
    "history-limit",
    503,
    "History limit met",
    "ClickHouse gave up: the answer takes more time, rows or memory than one request may have.",
)
REVERSED_SPAN = _declare("reversed-span", 422, "Reversed span", "A span of time ends after it begins.")
WIDE_SPAN = _declare("wide-span", 422, "Span too wide", "The span of time is longer than is answered at once.")
TOO_MANY_STEPS = _declare(
    "too-many-steps", 422, "Too many steps", "The span holds more steps than are answered at once."
)
TOO_MUCH_WAITING = _declare(
    "too-much-waiting", 503, "Too much waiting", "So much waits already that nothing more is taken for a moment."
)
