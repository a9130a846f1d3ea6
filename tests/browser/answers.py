"""How a gateway answers frames, for the stand-in."""

from collections.abc import Callable, Mapping
from typing import Any

from gateway import problems

Frame = dict[str, Any]
Answer = Callable[[Frame], Mapping[str, Any] | None]
"""From a frame to its answer; None leaves it without one."""

LASTING = ("react", "vote", "withdraw")
"""Types of frames whose ids grow within a session."""

RECEIPT = "v1." + "Zk3pQ9xW" * 49
"""As long and as opaque as a real one."""


def acknowledge(frame: Frame) -> Mapping[str, Any]:
    """Answer as a gateway that takes every frame that it knows."""
    ack = {"type": "ack", "id": frame["id"]}
    match frame["type"]:
        case "vote" | "withdraw":
            return {**ack, "receipt": RECEIPT}
        case "react":
            return {**ack, "counted": sum(frame["counts"].values()), "window": 1_700_000_000_000}
        case "show" | "ping":
            return ack
        case _:
            return refuse("unknown-frame")(frame)


def refuse(name: str, **more: Any) -> Callable[[Frame], Mapping[str, Any]]:
    """Return an answer to every frame: no, for this problem, with `more` members in it."""
    problem = problems.ALL[name]
    body = {"problem": problem.type, "title": problem.title, "detail": problem.about, "status": problem.status}
    return lambda frame: {"type": "error", "id": frame["id"], **body, **more}


def only(answers: Mapping[str, Answer]) -> Answer:
    """Return an answer that is one of these by the frame's type, and yes to every other."""
    return lambda frame: answers.get(frame["type"], acknowledge)(frame)


class Line:
    """A session's connection to a gateway: the order of its frames, as `gateway.resend.line` wants it.

    `taken` is the largest id that the gateway has taken of each session, on any connection.
    """

    def __init__(self, session: str, taken: dict[str, int]) -> None:
        self._session = session
        self._taken = taken
        self._last_id = -1

    def follows(self, frame: Frame) -> bool:
        """Return whether a frame comes after all before it; one that is sent again, after those of this connection."""
        if frame["type"] not in LASTING:
            return True
        taken = self._taken.get(self._session, -1)
        if frame["id"] <= self._last_id or (not frame.get("sent_to") and frame["id"] <= taken):
            return False
        self._last_id, self._taken[self._session] = frame["id"], max(frame["id"], taken)
        return True
