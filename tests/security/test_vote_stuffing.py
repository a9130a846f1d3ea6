"""Whoever holds thousands of tokens: how much of a poll is theirs, and what becomes of the rest.

The cap that docs/security.md publishes: A networks have at most A x OVATION_LIMIT_NETWORK_VOTERS ballots at a gateway.
"""

import asyncio
import ipaddress
import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway import metrics
from gateway.auth import Viewer
from gateway.receipts.outcomes import outcome_at_once, reason_of
from gateway.refusal import Refused
from gateway.votes.ballot_box import ReceiptAnswer
from tests.gateway.api import Answer, Api
from tests.gateway.processes import gateway
from tests.gateway.votes.test_ballot_box import Setup
from tests.security.attacker import connection, post
from tests.security.conftest import NO_LIMITS

CAP = 5
VIEWERS = 10_000
_AT_ONCE = 50
HONEST = 200
NETWORK = ipaddress.IPv6Network("2001:db8:1:2::/64")

_RANDOM = random.Random(8)  # The same addresses every time.
ONE_NETWORK = [str(NETWORK[_RANDOM.getrandbits(64)]) for _ in range(VIEWERS)]
ADDRESSES = [f"198.18.{number // 250}.{number % 250 + 1}" for number in range(1_000)]
A_THOUSAND_ADDRESSES = [ADDRESSES[number % 1_000] for number in range(VIEWERS)]
OWN_ADDRESSES = [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(HONEST)]


class Box(Setup):
    """A ballot box, and what each viewer was answered."""

    def __init__(self) -> None:
        super().__init__(most=CAP)
        self.answers: dict[str, ReceiptAnswer | Refused] = {}

    async def stuff(self, name: str, hosts: list[str], choice: str) -> None:
        """Let a viewer vote from each of the hosts. Kafka takes all."""
        for start in range(0, len(hosts), _AT_ONCE):
            for number, host in enumerate(hosts[start : start + _AT_ONCE], start):
                who = f"{name}-{number}"
                viewer = Viewer(who, "cup", "viewer", 9_999_999_999)
                self.box.cast(viewer, "best", [choice], None, partial(self.answers.__setitem__, who), host=host)
            waiting = len(self.answers) + len(hosts[start : start + _AT_ONCE])
            async with asyncio.timeout(5):
                while len(self.answers) < waiting:
                    await self.outbox.acknowledge()

    def counted(self, choice: int) -> int:
        return sum(vote["eligible"] for vote in self.votes if vote["choices"] == choice)


@pytest.mark.parametrize(
    ("hosts", "networks"),
    [(ONE_NETWORK, 1), (A_THOUSAND_ADDRESSES, 1_000)],
    ids=["10,000 viewers in one /64", "10,000 viewers at 1,000 addresses"],
)
async def test_a_stuffer_has_no_more_than_the_published_share(hosts: list[str], networks: int) -> None:
    box = Box()
    over = metrics.VOTES_OVER_SHARE._value.get()
    await box.stuff("stuffer", hosts, "1")
    await box.stuff("honest", OWN_ADDRESSES, "2")
    assert box.counted(0b01) == networks * CAP
    assert box.counted(0b10) == HONEST
    # Nothing is dropped: whatever was cast is written, and its viewer holds a receipt that says what became of it.
    assert len(box.votes) == len({vote["voter"] for vote in box.votes}) == VIEWERS + HONEST
    told = Counter(_told(box, answer) for answer in box.answers.values())
    suspects = VIEWERS - networks * CAP
    assert told == {(None, None): networks * CAP + HONEST, ("ineligible", "network"): suspects}
    assert metrics.VOTES_OVER_SHARE._value.get() - over == suspects


def _told(box: Box, answer: ReceiptAnswer | Refused) -> tuple[str | None, str | None]:
    text = answer.members()["receipt"] if isinstance(answer, Refused) else answer.receipt
    receipt = box.receipts.open(text)
    return outcome_at_once(receipt), reason_of(receipt)


@pytest.fixture
async def capped(session: aiohttp.ClientSession, bootstrap: str, redis_url: str, folder: Path) -> AsyncIterator[Api]:
    process, url = gateway(bootstrap, redis_url, folder, limit_network_voters=CAP, **NO_LIMITS)
    process.start()
    yield Api(session, url)
    assert process.stop() == 0


async def test_suspects_are_refused_with_a_receipt_and_reported_over_http(capped: Api) -> None:
    stream = await capped.stream()
    poll = await capped.poll(stream)
    votes = 4 * CAP

    async def vote(number: int, **headers: str) -> Answer:
        token = await capped.token(stream, f"viewer-{number}")
        path = f"/v1/streams/{stream}/polls/{poll}/votes"
        return await capped.call("POST", path, {"choices": ["1"]}, token, headers=headers)

    # The proxy on this machine is believed; whoever is in the /64 has one share.
    answers = [await vote(number, **{"x-forwarded-for": ONE_NETWORK[number]}) for number in range(votes)]
    assert [answer.status for answer in answers] == [202] * CAP + [403] * (votes - CAP)
    for answer in answers[CAP:]:
        assert answer.problem == "ineligible"
        outcome = await capped.call("GET", f"/v1/receipts/{answer.body['receipt']}", token=None)
        assert (outcome.body["outcome"], outcome.body["reason"]) == ("ineligible", "network")
    stats = await capped.call("GET", f"/v1/streams/{stream}/stats")
    assert stats.body["refused"] == {"ineligible": votes - CAP}
    shown = str((await capped.call("GET", "/metrics")).body)
    assert f"ovation_gateway_votes_over_network_limit_total {votes - CAP}.0" in shown
    assert f"ovation_gateway_network_voters_limit {CAP}.0" in shown


async def test_made_up_addresses_are_no_networks(capped: Api) -> None:
    """A caller that is no proxy of ours has the share of the address that it really calls from."""
    stream = await capped.stream()
    path = f"/v1/streams/{stream}/polls/{await capped.poll(stream)}/votes"
    statuses: list[Any] = []
    async with connection(capped, "127.0.2.1") as attacker:
        for number in range(4 * CAP):
            token = await capped.token(stream, f"viewer-{number}")
            raw = post(path, b'{"choices":["1"]}', token, x_forwarded_for=ADDRESSES[number])
            statuses.append((await attacker.ask(raw)).status)
    assert statuses == [202] * CAP + [403] * (3 * CAP)
