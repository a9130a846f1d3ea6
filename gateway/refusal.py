"""A problem that happened: which one, to what, and in whose words."""

from typing import Any

import msgspec

from gateway.problems import Problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1


class Refused(Exception):  # noqa: N818 - it is what happened to the request, not an error of the program
    """Raised where a request is found wanting; answered at the edge, as HTTP or as a frame.

    `detail` is for a person and never repeats a secret; `field` is the member of the request that is at fault.
    """

    def __init__(self, problem: Problem, detail: str | None = None, field: str | None = None) -> None:
        super().__init__(problem.name)
        self.problem = problem
        self.detail = detail or problem.about
        self.field = field

    def members(self) -> dict[str, Any]:
        """Return the members of the problem object."""
        members: dict[str, Any] = {
            "type": self.problem.type,
            "title": self.problem.title,
            "status": self.problem.status,
            "detail": self.detail,
        }
        if self.field is not None:
            members["field"] = self.field
        return members

    def body(self) -> bytes:
        """Return the problem as JSON."""
        return msgspec.json.encode(self.members())

    def headers(self) -> dict[str, str]:
        """Return what goes beside the body: who was not let in learns how, and who shall wait, how long."""
        headers = {"cache-control": "no-store"}
        if self.problem.status == 401:
            headers["www-authenticate"] = "Bearer"
        elif self.problem.status == 503:
            headers["retry-after"] = str(RETRY_AFTER_S)
        return headers
