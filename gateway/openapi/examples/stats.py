"""A stream in the middle of it."""

from gateway.openapi.document import Example
from gateway.openapi.examples.polls import OPENED_AT
from gateway.openapi.examples.streams import CREATED_AT, STREAM
from gateway.routes.stats import LiveLag, Recount, StreamStats
from gateway.stats.rises import SECONDS

EXAMPLES = {
    "stats": Example(
        answers={
            200: StreamStats(
                stream_id=STREAM,
                edge="gateway-1",
                as_of=OPENED_AT + 25_120,
                watching=48_120,
                screens=16_024,
                taps_per_s=312.4,
                votes_per_s=18.0,
                taps=[300 + second for second in range(SECONDS)],
                votes=[20] * SECONDS,
                live_lag_ms=LiveLag(61, 118),
                history_lag_s=2.1,
                refused={"rate-limited": 14, "late-vote": 3},
                since=CREATED_AT,
                recounts=[Recount("kick-off", "waiting")],
            )
        }
    )
}
