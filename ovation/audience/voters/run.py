"""One run of the voters against a deployment, from the opening of the poll to the verdict on its final result."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ovation.addresses import Addresses
from ovation.audience.receipts import check, settle_doubts
from ovation.audience.voters import ballot_list
from ovation.audience.voters.final import Finals
from ovation.audience.voters.place import ENTITLED, Place, open_place
from ovation.audience.voters.plan import Voters, VotingPlan
from ovation.audience.voters.report import Report, report
from ovation.audience.voters.tokens import TokenSecret, tokens
from ovation.audience.voters.view import final_line, voting_line, watched
from ovation.audience.voters.voter import voter_id
from ovation.audience.voters.voting import Voting
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError
from ovation.recount import Recount
from ovation.terminal import err
from ovation.verify import ledger_account, screen_account
from ovation.verify.numbers import Account
from ovation.verify.stream import Stores
from ovation.verify.verdict import judge


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a run does beside voting. `secret` signs tokens here; without one the gateway is asked for each."""

    stream_prefix: str = "voters"
    receipts: int = 500
    final_wait_s: float = 120.0
    stores: bool = True
    ledger: Path | None = None
    ballots: Path | None = None
    secret: TokenSecret | None = None


async def run(addresses: Addresses, gateways: Sequence[str], plan: VotingPlan, wishes: Wishes) -> Report:
    """Send the voters and return what it came to; the ledger is written however it ends.

    Raises OvationError when a gateway or a store refuses, or cannot be reached.
    """
    plan = replace(plan, gateways=len(gateways))
    key = addresses.api_key.get_secret_value()
    try:
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(GatewayClient(url, key)) for url in gateways]
            place = await open_place(clients, plan, f"{wishes.stream_prefix}-{secrets.token_hex(4)}")
            try:
                return await _vote(addresses, place, plan, wishes)
            finally:
                if wishes.ledger is not None:
                    place.ledger().write(wishes.ledger)
    except CallError as error:
        raise OvationError(f"A gateway failed the voters: {error}") from error


async def _vote(addresses: Addresses, place: Place, plan: VotingPlan, wishes: Wishes) -> Report:
    voters, secret = Voters(plan), (wishes.secret or TokenSecret()).token_secret
    err.print(f"Making {plan.voters:,} tokens", markup=False)
    viewers = ((voter_id(each), {} if each in voters.ineligible else ENTITLED) for each in range(plan.voters))
    voting = Voting(place, plan, voters, await tokens(place.gateways[0], place.stream_id, viewers, secret))
    await watched(voting.run(), lambda: voting_line(voting))
    finals = Finals(place)
    is_final = await watched(finals.wait(wishes.final_wait_s), lambda: final_line(finals, voting))
    final_s = time.monotonic() - (voting.closed_at or 0) if is_final else None

    err.print(f"Asking about {wishes.receipts} receipts", markup=False)
    wrong = await settle_doubts(place.gateways[0], place.ballots)
    checked = await check(place.gateways, place.ballots, wishes.receipts)
    accounts = [ledger_account.account(place.ledger().streams[place.stream_id])]
    if wishes.stores:
        accounts += await asyncio.to_thread(_stored, addresses, place)
    recounted = await _recount(place, wishes.ballots) if is_final else None
    if recounted is not None:
        accounts.append(ballot_list.account(recounted))
        wrong += ballot_list.faults(recounted)
    accounts += [
        screen_account.poll_account(f"gateway {index + 1}", shown) for index, shown in sorted(finals.shown.items())
    ]
    verdict = judge(place.stream_id, accounts, waited_s=final_s or wishes.final_wait_s)
    digest = None if recounted is None else recounted.digest
    return report(voting, accounts, verdict, checked, final_s, digest, wrong)


def _stored(addresses: Addresses, place: Place) -> list[Account]:
    stores = Stores(addresses)
    try:
        return stores.read(place.stream_id, [place.poll_id])
    finally:
        stores.close()


async def _recount(place: Place, keep: Path | None) -> Recount:
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder) / "ballots.ndjson"
        await ballot_list.download(place, path)
        return ballot_list.count(path)
