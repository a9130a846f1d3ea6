"""The bound of every input, in one place: the gateway answers by them, and the jobs refuse what breaks them."""

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
"""Stream and poll ids: short, printable, safe in a URL, a Redis key and a file name."""

MAX_BODY_BYTES = 16_384
"""An HTTP body or a socket frame."""
MAX_POLL_BODY_BYTES = 524_288
"""The body of a poll: the longest texts and all that eligibility may say, each character an escaped pair of JSON."""

MAX_TITLE_CHARS = 200
MAX_VIEWER_ID_CHARS = 128
MAX_EMOJIS = 30
"""Emojis that one stream offers."""
MAX_EMOJI_CHARS = 16
"""Code points in one emoji: the longest family and flag sequences take 10 to 14."""

MAX_TAPS_PER_REQUEST = 1_000
"""Taps of one emoji in one request: what a thumb can do while a phone waits for its network."""
MAX_TAPS_PER_RECORD = 1_000_000_000
"""Taps of one emoji in one Kafka record: a whole outage of one gateway fits, an overflow does not."""

MIN_OPTIONS = 2
MAX_OPTIONS = 50
MAX_OPTION_CHARS = 200
MAX_QUESTION_CHARS = 300
MAX_POLL_MS = 7 * 24 * 3_600_000
"""The longest poll. State and topics outlive it, or a voter could vote twice."""
MAX_STREAM_MS = 7 * 24 * 3_600_000
"""The longest stream, for the same reason: its totals are state."""
MAX_VIDEO_MS = MAX_STREAM_MS
"""The furthest position in a stream's video."""
MAX_VIDEO_SECONDS_PER_RECORD = 120
"""Seconds of the video that the taps of one Kafka record may be spread over: viewers lag, each by something else."""
MAX_REACTORS_PER_RECORD = 2_048
"""Viewers that one Kafka record may name, each as a hash."""
MAX_VOTES_PER_RECORD = 500
"""Votes in one micro-batch."""
GRACE_MS = 500
"""A vote that a gateway takes this long after a poll's closing time still counts: it was on its way, or the gateway had
not yet heard of the closing, which takes less than 250 ms."""
MAX_ELIGIBILITY_CLAIMS = 8
MAX_ELIGIBILITY_VALUES = 32
MAX_CLAIM_CHARS = 128
MAX_STEP_S = 86_400
"""The longest step of a timeline, a day."""
MIN_INTERVAL_MS = 20
MAX_INTERVAL_MS = 5_000
"""Shortest time between two messages about a stream, as a connection may choose it."""
