"""Polls: a draft, its steps to the end, and its results."""

from typing import Any

from gateway.control.model import Option
from gateway.openapi.document import Example
from gateway.openapi.examples.streams import CREATED_AT, STREAM
from gateway.routes.poll_shapes import NewPoll, OptionResult, PollAnswer, PollChange, PollList, PollResults

POLL = "man-of-the-match"
OPENED_AT = CREATED_AT + 100_000
CLOSES_AT = OPENED_AT + 300_000

_FIELDS: dict[str, Any] = {
    "stream_id": STREAM,
    "poll_id": POLL,
    "question": "Who was the best?",
    "options": (Option("1", "Ana"), Option("2", "Bo")),
    "max_choices": 1,
    "allow_change": True,
    "allow_withdraw": True,
    "results": "always",
    "status": "draft",
    "created_at": CREATED_AT,
    "opens_at": None,
    "opened_at": None,
    "closes_at": None,
    "closes_in_s": 300,
    "closed_at": None,
    "final_at": None,
    "revision": 1,
    "eligibility": {},
}
_OPENED = {"opened_at": OPENED_AT, "closes_at": CLOSES_AT}


def _poll(**changes: Any) -> PollAnswer:
    return PollAnswer(**{**_FIELDS, **changes})


_RESULTS = PollResults(
    **{
        **_FIELDS,
        **_OPENED,
        "options": (OptionResult("1", "Ana", 700), OptionResult("2", "Bo", 650)),
        "status": "open",
        "revision": 2,
    },
    as_of=OPENED_AT + 25_120,
    is_final=False,
    results_hidden=False,
    voters=1_350,
    received=1_417,
    replaced=51,
    withdrawn=9,
    duplicate=0,
    late=4,
    invalid=0,
    ineligible=3,
    version=1_417,
)
_CLOSED = {**_OPENED, "closes_at": OPENED_AT + 60_000, "closed_at": OPENED_AT + 60_000}

EXAMPLES = {
    "create_poll": Example(
        bodies={
            "A draft that stays open for five minutes once it is opened.": NewPoll(
                question="Who was the best?",
                options=["Ana", "Bo"],
                poll_id=POLL,
                allow_change=True,
                allow_withdraw=True,
                closes_in_s=300,
            ),
            "A quiz for who has a season ticket, open at once.": NewPoll(
                question="Which of these are prime?",
                options=["Two", "Four", "Five"],
                max_choices=2,
                results="after_close",
                correct=["1", "3"],
                eligibility={"ticket": ("season",)},
                open=True,
                closes_in_s=60,
            ),
        },
        answers={201: _poll()},
    ),
    "list_polls": Example(answers={200: PollList([_poll(status="open", revision=2, **_OPENED)])}),
    "read_poll": Example(answers={200: _RESULTS}),
    "edit_poll": Example(
        bodies={
            "Another question.": PollChange(question="Who was the best of the match?"),
            "No closing time any more.": PollChange(closes_in_s=None),
        },
        answers={200: _poll(question="Who was the best of the match?", revision=2)},
    ),
    "open_poll": Example(answers={200: _poll(status="open", revision=2, **_OPENED)}),
    "pause_poll": Example(answers={200: _poll(status="paused", revision=3, **_OPENED)}),
    "close_poll": Example(answers={200: _poll(status="closed", revision=4, **_CLOSED)}),
    "cancel_poll": Example(answers={200: _poll(status="cancelled", revision=5, **_CLOSED)}),
}
