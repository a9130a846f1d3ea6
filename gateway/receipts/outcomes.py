"""What became of a vote, by its receipt and by how its voter stands in the history."""

from typing import Literal

from gateway.history.standing import Standing
from gateway.receipts.sealing import Receipt

Reason = Literal["claims", "network"]
"""Why a vote is ineligible: by its viewer's claims, or because enough of its network had voted."""
Outcome = Literal["pending", "counted", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible"]


def outcome_at_once(receipt: Receipt) -> Outcome | None:
    """Return the outcome if the gateway knew it when it took the vote."""
    if receipt.kind == "late":
        return "late"
    return None if reason_of(receipt) is None else "ineligible"


def reason_of(receipt: Receipt) -> Reason | None:
    """Return why the vote is ineligible, or None if it is not."""
    if receipt.kind == "network":
        return "network"
    return "claims" if receipt.kind == "ineligible" else None


def outcome_of(receipt: Receipt, standing: Standing | None, *, allow_change: bool) -> Outcome:
    """Return the outcome as far as the history knows it.

    Of a voter's votes the one with the smallest ULID stands, or, where votes may be changed, with the largest. So a row
    whose standing vote comes after this one (before it, where votes may be changed) has not been told of this one yet.
    """
    if standing is None:
        return "pending"
    if not standing.receipt:
        # The gateway checks what the job checks, so only a vote that both judge differently ends here.
        return "invalid" if standing.has_invalid and standing.last_voted_at >= receipt.at else "pending"
    if standing.receipt == receipt.ulid:
        return "withdrawn" if standing.outcome == "withdrawn" else "counted"
    if allow_change:
        return "replaced" if standing.receipt > receipt.ulid else "pending"
    return "duplicate" if standing.receipt < receipt.ulid else "pending"
