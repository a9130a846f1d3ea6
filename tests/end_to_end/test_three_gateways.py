import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.gateways import further_gateways
from local.secrets import load_or_create
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.ledger import Ledger
from ovation.audience.voters.plan import VotingPlan
from ovation.audience.voters.report import lines
from ovation.audience.voters.run import Wishes, run
from ovation.audience.voters.tokens import TokenSecret
from ovation.verify.stream import Verifier

PLAN = VotingPlan(
    voters=1_500,
    votes_per_second=300,
    retries=0.10,
    changes=0.05,
    withdrawals=0.02,
    late=0.02,
    ineligible=0.02,
)
"""The short form of `python -m bench.crowd`."""
VERIFY_S = 30.0


@pytest.fixture(scope="module")
def gateways(stack: Stack) -> Iterator[list[str]]:
    with further_gateways(stack.settings, 2) as urls:
        yield [stack.settings.gateway_url, *urls]


async def test_votes_through_three_gateways_end_in_one_final_result(
    stack: Stack, addresses: Addresses, gateways: list[str], tmp_path: Path
) -> None:
    kept, listed = tmp_path / "ledger.json", tmp_path / "ballots.ndjson"
    secret = TokenSecret(token_secret=load_or_create(stack.settings.data_dir).token_secret)
    wishes = Wishes("three-gateways", receipts=200, ledger=kept, ballots=listed, secret=secret)
    done = await run(addresses, gateways, PLAN, wishes)
    print("", *lines(done), sep="\n")
    assert done.good, (done.wrong, done.numbers)
    assert set(done.numbers["voters"]) == {"ledger", "live", "history", "recount", *(f"gateway {i}" for i in (1, 2, 3))}
    for name in ("late", "ineligible", "withdrawn"):
        assert set(done.numbers[name].values()) == {"30"}, name
    assert done.votes.refused == done.votes.unanswered == 0

    recounted = await _recount(listed)
    assert recounted["agrees"]
    assert recounted["digest"] == done.digest
    votes = {field.removeprefix("option:"): int(said["live"]) for field, said in done.numbers.items() if ":" in field}
    assert recounted["votes"] == votes

    with Verifier(addresses) as verifier:
        verdict = await verifier.verify(done.stream_id, Ledger.read(kept).streams[done.stream_id], VERIFY_S)
    assert verdict.agrees, verdict.members()
    assert "final" in verdict.names


async def _recount(path: Path) -> dict[str, object]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ovation", "recount", "--json", str(path), stdout=asyncio.subprocess.PIPE
    )
    text, _ = await process.communicate()
    assert process.returncode == 0, text
    return dict(json.loads(text))
