"""After the last answer: waits until every screen shows what the ledger says, no more and no less."""

import asyncio
import time

from ovation.audience.crowd import Crowd
from ovation.audience.stage import Stage
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.verify import ledger_account, screen_account
from ovation.verify.numbers import Account
from ovation.verify.verdict import Verdict, judge

POLL_S = 0.1


async def settle(client: GatewayClient, crowd: Crowd, deadline_s: float) -> list[Verdict]:
    """Return one verdict per stream of the crowd: ledger, snapshot and each screen against each other.

    A stream that agrees is not asked again; after `deadline_s` the verdict is what it is then. Raises a CallError when
    the gateway does not answer by then.
    """
    began = time.monotonic()
    verdicts: dict[str, Verdict] = {}
    while True:
        late = time.monotonic() - began > deadline_s
        for stage in crowd.stages:
            known = verdicts.get(stage.stream_id)
            if known is not None and known.agrees:
                continue
            try:
                verdicts[stage.stream_id] = await _judge(client, stage, time.monotonic() - began)
            except CallError:
                if late:
                    raise
        if late or (len(verdicts) == len(crowd.stages) and all(verdict.agrees for verdict in verdicts.values())):
            return list(verdicts.values())
        await asyncio.sleep(POLL_S)


async def _judge(client: GatewayClient, stage: Stage, waited_s: float) -> Verdict:
    accounts: list[Account] = [
        ledger_account.account(stage.account),
        screen_account.snapshot_account(await client.live(stage.stream_id)),
    ]
    for number, screen in enumerate(stage.screens, start=1):
        accounts.append(screen_account.account(f"screen {number}", screen.totals, screen.polls.values()))
    return judge(stage.stream_id, accounts, waited_s)
