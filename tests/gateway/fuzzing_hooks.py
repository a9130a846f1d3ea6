"""What schemathesis does to each request before it is sent."""

from itertools import count
from typing import Any

import schemathesis

from gateway.openapi.parameters import IDEMPOTENCY_KEY

_SPARED = {
    "end_stream": ("stream", "cup-final", "warm-up"),
    "pause_poll": ("poll", "man-of-the-match", "goal-of-the-match"),
    "close_poll": ("poll", "man-of-the-match", "save-of-the-match"),
    "cancel_poll": ("poll", "man-of-the-match", "foul-of-the-match"),
}
"""What an operation would end for all others, and what it is given instead: parameter, value, other value."""

_numbers = count(1)


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]) -> None:
    """Keep the stream and the poll alive that most requests go to, and give each request an Idempotency-Key of its own
    where it has the document's example, which is good only once.
    """
    headers, path = case.headers, case.path_parameters
    if headers and headers.get(IDEMPOTENCY_KEY.name) == IDEMPOTENCY_KEY.example:
        headers[IDEMPOTENCY_KEY.name] = f"key-{next(_numbers)}"
    parameter, spared, instead = _SPARED.get(str(case.operation.definition.raw["operationId"]), ("", "", ""))
    if path and path.get(parameter) == spared:
        path[parameter] = instead
