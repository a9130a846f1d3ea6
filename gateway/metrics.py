"""Every metric of the gateway, declared once. No label grows with the audience."""

from prometheus_client import Counter, Gauge, Histogram

TAPS = Counter("ovation_gateway_taps", "Taps answered 2xx.")
TAP_RECORDS = Counter("ovation_gateway_tap_records", "Records of taps that Kafka has taken.")
TAPS_UNCERTAIN = Counter(
    "ovation_gateway_taps_uncertain",
    "Taps given to Kafka whose fate is not known. They are not sent again, or they could count twice.",
)
TAPS_LOST = Counter(
    "ovation_gateway_taps_lost", "Taps answered 2xx that a stopping gateway could not hand over in time."
)
TAPS_CAPPED = Counter("ovation_gateway_taps_capped", "Taps over a viewer's limit: answered, and not counted.")
TAPS_WAITING = Gauge("ovation_gateway_tap_sums_waiting", "Sums of taps (stream, window, emoji) that wait in memory.")
TAP_RECORDS_UNACKED = Gauge("ovation_gateway_tap_records_unacked", "Records of taps on their way to Kafka.")
HOT_STREAMS = Gauge("ovation_gateway_hot_streams", "Streams whose records of taps go over more than one partition.")

VOTES = Counter("ovation_gateway_votes", "Votes that Kafka has: answered with a receipt, late and ineligible ones too.")
VOTES_UNCONFIRMED = Counter(
    "ovation_gateway_votes_unconfirmed", "Votes that Kafka did not confirm before the deadline."
)
VOTES_WAITING = Gauge("ovation_gateway_votes_waiting", "Votes that wait for Kafka.")
VOTE_SECONDS = Histogram(
    "ovation_gateway_vote_seconds",
    "From taking a vote to Kafka's confirmation.",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)

NETWORK_SHARE = Gauge(
    "ovation_gateway_network_voters_limit", "Voters of one network that a poll counts here; 0 is no bound."
)
VOTES_OVER_SHARE = Counter(
    "ovation_gateway_votes_over_network_limit",
    "Votes counted as ineligible, because enough voters of their network had voted in the poll.",
)

REFUSED = Counter("ovation_gateway_refused", "Requests and frames answered with a problem.", ["problem"])
REPLAYED = Counter("ovation_gateway_replayed", "Writes answered again, by their Idempotency-Key.")
CONTROL_RECORDS = Counter("ovation_gateway_control_records", "Records read from `control`.")
CONTROL_MALFORMED = Counter(
    "ovation_gateway_control_malformed", "Records in `control` that could not be read, and were skipped."
)

POLLS_NOT_FINAL = Gauge("ovation_gateway_polls_not_final", "Closed polls whose result is not final yet.")
RECOUNT_MISMATCH = Gauge(
    "ovation_gateway_recount_mismatch",
    "Closed polls whose recount differs from the live tally, as this gateway last saw it. The log has both numbers.",
)

HISTORY_LAG = Gauge(
    "ovation_history_lag_seconds",
    "For how long the oldest tap or vote that is not in ClickHouse has been in Kafka; 0 when all are. Positions are "
    "committed with Flink's checkpoints: up to their interval and a few seconds is healthy. "
    "It grows while Kafka does not answer.",
    ["topic"],
)

LIVE_LAG_SECONDS = Histogram(
    "ovation_gateway_live_lag_seconds",
    "From a gateway's first taps of a window to that window in its live picture, of streams that it follows.",
    buckets=(0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 30),
)

SOCKETS = Gauge("ovation_gateway_sockets", "Open sockets.")
SOCKETS_SLOW = Counter(
    "ovation_gateway_sockets_slow", "Sockets and event streams closed because they took nothing for too long."
)
SOCKETS_CLOSED = Counter(
    "ovation_gateway_sockets_closed", "Sockets that the gateway closed or did not open, by the problem.", ["reason"]
)
RESENDS = Counter(
    "ovation_gateway_resends",
    "Frames that were sent again: `known` are answered as the first time, `taken` are taken now, `uncertain` are taps "
    "that may be counted already.",
    ["outcome"],
)
RESEND_ASKS = Counter(
    "ovation_gateway_resend_asks",
    "Questions to other gateways about frames that are sent again: `answered`, or `silent` where none came in time.",
    ["outcome"],
)
EVENT_STREAMS = Gauge("ovation_gateway_event_streams", "Open streams of server-sent events.")
VIEWERS = Gauge(
    "ovation_gateway_viewers", "Viewers that watch by a socket or event stream here, overlays not among them."
)
PICTURES_SKIPPED = Counter(
    "ovation_gateway_pictures_skipped",
    "Messages that a slow screen was not sent, because a newer one took their place.",
)
STREAMS_WATCHED = Gauge("ovation_gateway_streams_watched", "Streams whose picture this gateway follows.")
PUSHES = Counter("ovation_gateway_pushes", "Messages encoded for a stream's screens, each once for all of them.")
LIVE_MALFORMED = Counter(
    "ovation_gateway_live_malformed", "Messages on Redis pub/sub that could not be read, and were skipped."
)
REFILLS = Counter(
    "ovation_gateway_refills",
    "Times that an emptied or restarted Redis, or one master of a cluster, was filled from the history.",
)
REDIS_UP = Gauge("ovation_gateway_redis_up", "1 while the subscription to Redis is up, of a cluster to every master.")
REGION_SILENT = Gauge(
    "ovation_gateway_region_silent_seconds", "Since when nothing was heard of another region.", ["region"]
)
REGION_CLOCK = Gauge(
    "ovation_gateway_region_clock_seconds", "How far another region's clock is ahead of this gateway's.", ["region"]
)
NAME_TAKEN = Gauge("ovation_gateway_name_taken", "1 while another gateway goes by this one's name (`OVATION_EDGE`).")
KAFKA_UP = Gauge("ovation_gateway_kafka_up", "1 while Kafka answers.")
