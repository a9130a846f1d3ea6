"""Something that is wrong, as an operator is told of it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["broken", "warning"]
"""`broken` costs viewers or numbers something now; a `warning` will, or hides it when something else breaks."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: with which part, `what`, `why` it matters, and the command that mends it.

    `follows_from` names a part whose being down would explain it: mend that one first.
    """

    part: str
    severity: Severity
    what: str
    why: str
    mend: str
    follows_from: str | None = None


def broken(part: str, what: str, why: str, mend: str, follows_from: str | None = None) -> Finding:
    """Return a finding that costs something now."""
    return Finding(part, "broken", what, why, mend, follows_from)


def warning(part: str, what: str, why: str, mend: str, follows_from: str | None = None) -> Finding:
    """Return a finding that will cost something."""
    return Finding(part, "warning", what, why, mend, follows_from)
