"""A problem that happened: which one, to what, and in whose words."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.problems import Problem
from gateway.request_id import FIELD

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1


class Refused(Exception):  # noqa: N818 - it is what happened to the request, not an error of the program
    """Raised where a request is found wanting; answered at the edge, as HTTP or as a frame.

    `detail` is for a person and never repeats a secret; `field` is the member of the request that is at fault.
    `extensions` are further members of the problem object, `headers` what HTTP says beside it. Who shall come again
    after so long is told `retry_after_s` in both.
    """

    def __init__(
        self,
        problem: Problem,
        detail: str | None = None,
        field: str | None = None,
        *,
        extensions: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(problem.name)
        self.problem = problem
        self.detail = detail or problem.about
        self.field = field
        self._extensions = extensions or {}
        self._headers = headers or {}
        self._retry_after_s = RETRY_AFTER_S if retry_after_s is None and problem.status == 503 else retry_after_s

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
        if self._retry_after_s is not None:
            members["retry_after_s"] = self._retry_after_s
        return {**members, **self._extensions}

    def body(self, request_id: str | None) -> bytes:
        """Return the problem as JSON, with the id of the request that met it."""
        members = self.members()
        if request_id is not None:
            members[FIELD] = request_id
        return msgspec.json.encode(members)

    def headers(self) -> dict[str, str]:
        """Return what goes beside the body: who was not let in learns how, and who shall wait, how long."""
        headers = {"cache-control": "no-store", **self._headers}
        if self.problem.status == 401:
            headers["www-authenticate"] = "Bearer"
        if self._retry_after_s is not None:
            headers["retry-after"] = str(self._retry_after_s)
        return headers
