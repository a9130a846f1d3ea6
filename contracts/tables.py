"""ClickHouse names. The columns are in `sql/migrations`; a test holds the two against each other."""

DATABASE = "ovation"

REACTION_WINDOWS = "reaction_windows"
REACTION_WINDOWS_COLUMNS = ("stream_id", "window_start", "emoji", "region", "reactions", "version")

BALLOTS = "ballots"
BALLOTS_COLUMNS = (
    "stream_id",
    "poll_id",
    "voter",
    "choices",
    "first_voted_at",
    "last_voted_at",
    "attempts",
    "outcome",
    "receipt",
    "replaced",
    "duplicate",
    "late",
    "invalid",
    "version",
)
"""`attempts` = 1 if a ballot counts, + `replaced` + `duplicate` + `late` + `invalid`."""

STREAMS = "streams"
STREAMS_COLUMNS = ("stream_id", "title", "emojis", "status", "region", "created_at", "ended_at", "version")

POLLS = "polls"
POLLS_COLUMNS = (
    "stream_id",
    "poll_id",
    "question",
    "option_ids",
    "option_texts",
    "max_choices",
    "allow_change",
    "status",
    "created_at",
    "opened_at",
    "closed_at",
    "version",
)

REACTIONS_VIEW = "reactions"
VOTES_VIEW = "votes"
POLL_RESULTS_VIEW = "poll_results"
