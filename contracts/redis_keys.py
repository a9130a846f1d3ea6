"""Redis keys and channels. The hash tag in braces keeps all of a stream on one shard."""

WINDOW_TTL_S = 300
"""Life of one window's hash."""

STREAM_TTL_S = 30 * 24 * 3_600
"""Life of totals and polls after their last change: longer than a stream, a poll, and what the jobs remember."""

PRESENCE_TTL_S = 30
"""Life of the numbers of viewers after any gateway last wrote its own."""


def reactions(stream_id: str) -> str:
    """Hash: emoji to taps since the stream began."""
    return f"ovation:{{{stream_id}}}:reactions"


def reactions_window(stream_id: str, start_s: int) -> str:
    """Hash: emoji to taps in the window that began at `start_s`, epoch seconds. Expires after `WINDOW_TTL_S`."""
    return f"ovation:{{{stream_id}}}:reactions:{start_s}"


def poll(stream_id: str, poll_id: str) -> str:
    """Hash: `option:ID` to votes, beside the fields of `PollField`."""
    return f"ovation:{{{stream_id}}}:poll:{poll_id}"


def poll_buckets(stream_id: str, poll_id: str) -> str:
    """Hash: bucket to its tally. The job's own, from which it sums the poll's; its form may change."""
    return f"ovation:{{{stream_id}}}:poll-buckets:{poll_id}"


def poll_lock(stream_id: str, poll_id: str) -> str:
    """Hash: whether a vote was taken yet, and until when the poll is being edited. The gateways' own."""
    return f"ovation:{{{stream_id}}}:poll-lock:{poll_id}"


def poll_recount(stream_id: str, poll_id: str) -> str:
    """String: the edge that recounts the poll just now. The gateways' own; expires by itself."""
    return f"ovation:{{{stream_id}}}:poll-recount:{poll_id}"


def presence(stream_id: str) -> str:
    """Hash: edge to `VIEWERS:TIME`, how many watch there and when it said so, epoch ms. The gateways' own."""
    return f"ovation:{{{stream_id}}}:presence"


PULSE = "ovation:pulse"
"""The gateway that has just written its region's pulse."""

FILLED = "ovation:filled"
"""String: which process of Redis the gateways have filled, by its `run_id`, and how far they are with it
(gateway.refill.mark); an emptied one has none. Their own. In a cluster each master has one, `ovation:filled:{NUMBER}`,
with the first number whose slot is its own."""

FILLING = "ovation:filling"
"""String: a gateway fills this Redis just now. Expires by itself; in a cluster as `FILLED`."""


def idempotency(digest: str) -> str:
    """String: the sealed answer to a write, by the digest of caller and Idempotency-Key. Lives 24 h."""
    return f"ovation:idempotency:{{{digest}}}"


def live(stream_id: str) -> str:
    """Channel: the messages of `contracts.messages`, as JSON. In a cluster it is one of sharded pub/sub."""
    return f"ovation:{{{stream_id}}}:live"


def edge(name: str) -> str:
    """Channel: what other gateways ask the gateway of this name, and tell it. Sealed; the gateways' own."""
    return f"ovation:edge:{name}"


def edge_name(name: str) -> str:
    """String: which life of a gateway goes by this name. Expires soon after it ends; the gateways' own."""
    return f"ovation:edge-name:{name}"


def edge_left(name: str) -> str:
    """Hash: what the gateway of this name remembered of its sessions when it stopped. Sealed; the gateways' own."""
    return f"ovation:edge-left:{name}"


class PollField:
    """Fields of a poll's hash. `status` is the gateway's; the job writes the others."""

    STATUS = "status"
    VOTERS = "voters"
    RECEIVED = "received"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    LATE = "late"
    INVALID = "invalid"
    INELIGIBLE = "ineligible"
    VERSION = "version"
    BUCKETS = "buckets"
    """JSON: bucket to the votes received in it."""
    AS_OF = "as_of"
    IS_FINAL = "is_final"
    OPTION = "option:"
