"""Pages, and the problems that have one."""

from gateway import problems
from gateway.openapi.document import Example
from gateway.routes.explanations import Explanations, explanation

_UNKNOWN_POLL = explanation(problems.UNKNOWN_POLL)

EXAMPLES = {
    "watch": Example(answers={200: "<!doctype html>"}),
    "history_page": Example(answers={200: "<!doctype html>"}),
    "asset": Example(answers={200: "export const word = 1;"}),
    "explain": Example(answers={200: _UNKNOWN_POLL}),
    "explain_all": Example(answers={200: Explanations([_UNKNOWN_POLL])}),
}
