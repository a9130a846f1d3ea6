"""A few minutes of a stream that was."""

from typing import Any

import msgspec

from gateway.history.answers import Column, Moment, Moments, PollStep, PollTimeline, Rows, Step, Timeline
from gateway.history.export_formats import FORMATS
from gateway.openapi.document import Example, Forms
from gateway.openapi.examples.polls import OPENED_AT, POLL
from gateway.openapi.examples.streams import CREATED_AT, STREAM

_STEPS = [
    Step(CREATED_AT, 412, {"🔥": 300, "👏": 112}),
    Step(CREATED_AT + 60_000, 3_120, {"🔥": 2_900, "👏": 220}),
]


def _document(types: dict[str, str], *rows: dict[str, Any]) -> Forms:
    """Return the same rows in every form; of those for programs alone, what their first bytes spell."""
    forms: dict[str, Any] = {
        "csv": "".join(",".join(map(_cell, each)) + "\n" for each in (types, *(row.values() for row in rows))),
        "json": Rows(meta=[*map(Column, types, types.values())], data=[*rows], rows=len(rows)),
        "ndjson": "".join(msgspec.json.encode(row).decode() + "\n" for row in rows),
        "parquet": "PAR1",
        "arrow": "\u00ff\u00ff\u00ff\u00ff",
    }
    return Forms({FORMATS[name].media_type: form for name, form in forms.items()})


def _cell(value: Any) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'


EXAMPLES = {
    "export_reactions": Example(
        answers={
            200: _document(
                {
                    "stream_id": "LowCardinality(String)",
                    "window_start": "DateTime64(3, 'UTC')",
                    "emoji": "LowCardinality(String)",
                    "region": "LowCardinality(String)",
                    "reactions": "UInt64",
                },
                {
                    "stream_id": STREAM,
                    "window_start": "2025-11-22T08:26:40.000Z",
                    "emoji": "🔥",
                    "region": "eu",
                    "reactions": 300,
                },
            )
        }
    ),
    "export_votes": Example(
        answers={
            200: _document(
                {
                    "stream_id": "LowCardinality(String)",
                    "poll_id": "LowCardinality(String)",
                    "choices": "Array(LowCardinality(String))",
                    "outcome": "LowCardinality(String)",
                    "first_voted_at": "DateTime64(3, 'UTC')",
                    "counted_at": "Nullable(DateTime64(3, 'UTC'))",
                },
                {
                    "stream_id": STREAM,
                    "poll_id": POLL,
                    "choices": ["1"],
                    "outcome": "counted",
                    "first_voted_at": "2025-11-22T08:27:10.250Z",
                    "counted_at": "2025-11-22T08:27:10.250Z",
                },
            )
        }
    ),
    "reactions_history": Example(
        answers={
            200: Timeline(
                stream_id=STREAM,
                clock="wall",
                from_ms=CREATED_AT,
                to_ms=CREATED_AT + 120_000,
                step_s=60,
                steps=_STEPS,
            )
        }
    ),
    "moments_history": Example(
        answers={
            200: Moments(
                stream_id=STREAM,
                clock="wall",
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
