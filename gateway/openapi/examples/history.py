"""A few minutes of a stream that was."""

from gateway.history.answers import Moment, Moments, PollStep, PollTimeline, Step, Timeline
from gateway.openapi.document import Example
from gateway.openapi.examples.polls import OPENED_AT, POLL
from gateway.openapi.examples.streams import CREATED_AT, STREAM

_STEPS = [
    Step(CREATED_AT, 412, {"🔥": 300, "👏": 112}),
    Step(CREATED_AT + 60_000, 3_120, {"🔥": 2_900, "👏": 220}),
]

EXAMPLES = {
    "reactions_history": Example(
        answers={
            200: Timeline(stream_id=STREAM, from_ms=CREATED_AT, to_ms=CREATED_AT + 120_000, step_s=60, steps=_STEPS)
        }
    ),
    "moments_history": Example(
        answers={
            200: Moments(
                stream_id=STREAM,
                step_s=10,
                moments=[
                    Moment(
                        begins=CREATED_AT + 90_000,
                        ends=CREATED_AT + 110_000,
                        at_s=90,
                        taps=2_411,
                        peak=CREATED_AT + 90_000,
                        score=31.5,
                        leader="🔥",
                    )
                ],
            )
        }
    ),
    "poll_history": Example(
        answers={
            200: PollTimeline(
                stream_id=STREAM,
                poll_id=POLL,
                step_s=10,
                steps=[
                    PollStep(OPENED_AT, {"1": 120, "2": 80}, {"1": 120, "2": 80}),
                    PollStep(OPENED_AT + 10_000, {"2": 95}, {"2": 175}),
                ],
            )
        }
    ),
}
