"""ClickHouse names. The columns are in `sql/migrations`; a test holds the two against each other."""

DATABASE = "ovation"

REACTION_WINDOWS = "reaction_windows"
REACTION_WINDOWS_COLUMNS = ("stream_id", "window_start", "emoji", "region", "reactions", "version")

REACTION_MINUTES = "reaction_minutes"
REACTION_MINUTES_COLUMNS = ("stream_id", "minute_start", "emoji", "region", "reactions", "version")

REACTION_HOURS = "reaction_hours"
REACTION_HOURS_COLUMNS = ("stream_id", "hour_start", "emoji", "region", "reactions", "version")

VIDEO_WINDOWS = "video_windows"
VIDEO_WINDOWS_COLUMNS = ("stream_id", "playback_ms", "emoji", "region", "reactions", "version")

REACTOR_SAMPLES = "reactor_samples"
REACTOR_SAMPLES_COLUMNS = ("stream_id", "minute_start", "reactor", "level")

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
    "playback_ms",
    "replaced",
    "duplicate",
    "late",
    "invalid",
    "ineligible",
    "attempts_in",
    "version",
)
"""`attempts` = 1 if a vote or a withdrawal stands, + `replaced` + `duplicate` + `late` + `invalid` + `ineligible`."""

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
    "allow_withdraw",
    "results",
    "correct",
    "eligibility",
    "status",
    "created_at",
    "opens_at",
    "opened_at",
    "closes_at",
    "closed_at",
    "final_at",
    "version",
)

REACTIONS_VIEW = "reactions"
REACTIONS_BY_MINUTE_VIEW = "reactions_by_minute"
REACTIONS_BY_HOUR_VIEW = "reactions_by_hour"
VIDEO_REACTIONS_VIEW = "video_reactions"
VOTES_VIEW = "votes"
POLL_RESULTS_VIEW = "poll_results"
