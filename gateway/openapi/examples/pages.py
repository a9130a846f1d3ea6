"""Pages, and the problems that have one."""

from gateway import problems
from gateway.openapi.document import Example
from gateway.routes.explanations import Explanations, explanation
from gateway.routes.qr import QrText

_UNKNOWN_POLL = explanation(problems.UNKNOWN_POLL)

EXAMPLES = {
    "watch": Example(answers={200: "<!doctype html>"}),
    "overlay": Example(answers={200: "<!doctype html>"}),
    "studio_page": Example(answers={200: "<!doctype html>"}),
    "history_page": Example(answers={200: "<!doctype html>"}),
    "draw_qr": Example(
        bodies={"A link for viewers.": QrText("https://live.example/watch/cup-final#invite=eyJh.eyJz.c2ln")},
        answers={200: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41"></svg>'},
    ),
    "asset": Example(answers={200: "export const word = 1;"}),
    "explain": Example(answers={200: _UNKNOWN_POLL}),
    "explain_all": Example(answers={200: Explanations([_UNKNOWN_POLL])}),
}
