"""Links: which call takes what another has answered, so that a reader, or a tool, goes on from there."""

from collections.abc import Sequence
from typing import Any

_STREAM = {"stream": "$response.body#/stream_id"}
_POLL = {**_STREAM, "poll": "$response.body#/poll_id"}
_KEY = {"key": "$response.body#/key_id"}
_RECEIPT = {"receipt": "$response.body#/receipt"}

_LINKS: dict[str, tuple[dict[str, str], Sequence[str]]] = {
    "create_stream": (_STREAM, ("read_stream", "create_token", "create_poll", "live", "end_stream")),
    "create_poll": (_POLL, ("read_poll", "edit_poll", "open_poll", "vote", "pause_poll", "close_poll", "cancel_poll")),
    "close_poll": (_POLL, ("read_ballots",)),
    "create_key": (_KEY, ("rotate_key", "revoke_key")),
    "rotate_key": (_KEY, ("revoke_key",)),
    "vote": (_RECEIPT, ("read_receipt",)),
    "withdraw": (_RECEIPT, ("read_receipt",)),
}


def add(operation: dict[str, Any]) -> None:
    """Add the links of an operation to its good answer."""
    if operation["operationId"] in _LINKS:
        parameters, targets = _LINKS[operation["operationId"]]
        good = next(answer for status, answer in operation["responses"].items() if status < "300")
        good["links"] = {target: {"operationId": target, "parameters": parameters} for target in targets}
