"""What became of a vote: asked by whoever holds its receipt."""

import msgspec
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from contracts.ballots import ballot_id
from gateway import problems
from gateway.history.standing import standing_of
from gateway.lean import LeanRoute, json_response
from gateway.openapi import operation
from gateway.receipts.outcomes import Outcome, Reason, outcome_at_once, outcome_of, reason_of
from gateway.receipts.sealing import Receipt
from gateway.services import Services, services_of


class OutcomeAnswer(msgspec.Struct, frozen=True):
    """What became of a vote taken at `at`, epoch milliseconds. `pending`: it has not been tallied yet.

    `ballot` is there when the vote counts: its id in the list that is published once the poll is final. `reason` is
    there when it is ineligible.
    """

    stream_id: str
    poll_id: str
    outcome: Outcome
    at: int
    ballot: str | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET


async def read_receipt(request: Request) -> Response:
    """Return the outcome of the vote. Who holds the receipt may ask, and learns nothing else."""
    services = services_of(request)
    receipt = services.receipts.open(request.path_params["receipt"])
    outcome = outcome_at_once(receipt) or await _outcome(services, receipt)
    ballot = ballot_id(receipt.ulid) if outcome == "counted" else UNSET
    answer = OutcomeAnswer(receipt.stream_id, receipt.poll_id, outcome, receipt.at, ballot, reason_of(receipt) or UNSET)
    return json_response(answer, headers={"cache-control": "no-store"})


async def _outcome(services: Services, receipt: Receipt) -> Outcome:
    poll = services.table.poll(receipt.stream_id, receipt.poll_id)
    standing = await standing_of(services.history, receipt.stream_id, receipt.poll_id, receipt.voter)
    return outcome_of(receipt, standing, allow_change=poll.allow_change)


ROUTES = [
    LeanRoute(
        "/v1/receipts/{receipt}",
        read_receipt,
        methods=["GET"],
        tags=["viewers"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["receipt"],
            answers={200: OutcomeAnswer},
            refusals=(
                problems.UNKNOWN_RECEIPT,
                problems.UNKNOWN_POLL,
                problems.STARTING,
                problems.HISTORY_UNREACHABLE,
                problems.HISTORY_LIMIT,
            ),
        ),
    ),
]
