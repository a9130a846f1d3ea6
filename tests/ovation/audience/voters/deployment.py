"""Gateways that count one poll in memory, all together: what voters and their ledger are tried against."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer

from contracts.ballots import Digest, ballot_id, line
from local.ports import free_ports
from ovation.verify.numbers import POLL_FIELDS

GRACE_MS = 20


@dataclass
class Vote:
    """A vote as it would be in Kafka."""

    voter: str
    choices: list[str]
    verdict: str


def _never(number: int) -> bool:
    return False


@dataclass
class Deployment:
    """The poll and its votes. `forgets`, `hangs_up` and `refuses` say of the n-th vote whether it is answered but not
    kept, kept but not answered, or told to come back.
    """

    forgets: Callable[[int], bool] = _never
    hangs_up: Callable[[int], bool] = _never
    refuses: Callable[[int], bool] = _never
    becomes_final: bool = True
    lies: bool = False
    rules: dict[str, Any] = field(default_factory=dict)
    status: str = "open"
    closed_at: float = 0
    votes: dict[str, Vote] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    arrived: Any = field(default_factory=lambda: itertools.count(1))

    def standing(self) -> dict[str, str]:
        """Return the receipt that stands for each voter. They are numbered in the order of arrival."""
        found: dict[str, str] = {}
        for receipt, vote in self.votes.items():
            if vote.verdict == "taken" and (self.rules["allow_change"] or vote.voter not in found):
                found[vote.voter] = receipt
        return found

    def numbers(self) -> dict[str, Any]:
        """Return the poll as its broadcaster sees it."""
        standing = [self.votes[receipt] for receipt in self.standing().values()]
        taken = sum(vote.verdict == "taken" for vote in self.votes.values())
        beaten = "replaced" if self.rules["allow_change"] else "duplicate"
        numbers = dict.fromkeys(POLL_FIELDS, 0) | {
            "voters": sum(bool(vote.choices) for vote in standing),
            "withdrawn": sum(not vote.choices for vote in standing),
            beaten: taken - len(standing),
            "late": sum(vote.verdict == "late" for vote in self.votes.values()),
            "ineligible": sum(vote.verdict == "ineligible" for vote in self.votes.values()),
            "received": len(self.votes),
        }
        options = [
            {"id": str(number), "text": text, "votes": sum(str(number) in vote.choices for vote in standing)}
            for number, text in enumerate(self.rules["options"], start=1)
        ]
        return {"poll_id": "p", "status": self.status, "options": options, "grace_ms": GRACE_MS, **numbers}

    async def poll(self, request: web.Request) -> web.Response:
        is_final = self.status == "closed" and self.becomes_final
        return web.json_response({**self.numbers(), "is_final": is_final})

    async def create(self, request: web.Request) -> web.Response:
        if request.path.endswith("/polls"):
            self.rules = await request.json()
            return web.json_response(self.numbers(), status=201)
        return web.json_response(await request.json(), status=201)

    async def close(self, request: web.Request) -> web.Response:
        self.status, self.closed_at = "closed", asyncio.get_running_loop().time()
        return web.json_response(self.numbers())

    async def take(self, request: web.Request) -> web.Response:
        number = next(self.arrived)
        if self.refuses(number):
            return _problem(429, "rate-limited", headers={"Retry-After": "0"})
        token = jwt.decode(request.headers["Authorization"].split()[1], options={"verify_signature": False})
        key = f"{token['sub']} {request.headers.get('Idempotency-Key')}"
        if key not in self.answers or key.endswith(" None"):
            choices = (await request.json())["choices"] if request.method == "POST" else []
            self.answers[key] = self._answer(number, token["sub"], choices, token["claims"])
        if self.hangs_up(number):
            assert request.transport is not None
            request.transport.abort()
        status, body = self.answers[key]
        return web.json_response(body, status=status)

    def _answer(
        self, number: int, voter: str, choices: list[str], claims: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        verdict, receipt = "taken", f"{number:06}"
        if any(claims.get(claim) not in values for claim, values in self.rules.get("eligibility", {}).items()):
            verdict = "ineligible"
        elif self.status == "closed" and asyncio.get_running_loop().time() > self.closed_at + GRACE_MS / 1000:
            verdict = "late"
        if not self.forgets(number):
            self.votes[receipt] = Vote(voter, choices, verdict)
        problem = {"late": (409, "late-vote"), "ineligible": (403, "ineligible")}.get(verdict)
        if problem is None:
            return 202, {"receipt": receipt}
        return problem[0], {"type": f"/problems/{problem[1]}", "receipt": receipt}

    async def receipt(self, request: web.Request) -> web.Response:
        receipt = request.match_info["receipt"]
        vote = self.votes.get(receipt)
        if vote is None or receipt not in self.told:
            self.told[receipt] = "asked once"
            return web.json_response({"outcome": "pending"})
        outcome = vote.verdict
        if outcome == "taken":
            stands = (self.standing()[vote.voter] == receipt) != self.lies
            beaten = "replaced" if self.rules["allow_change"] else "duplicate"
            outcome = beaten if not stands else "counted" if vote.choices else "withdrawn"
        return web.json_response({"outcome": outcome})

    async def ballots(self, request: web.Request) -> web.Response:
        poll, digest = self.numbers(), Digest()
        counted = [(ballot_id(each), self.votes[each].choices) for each in self.standing().values()]
        lines = [line(*each) for each in sorted(counted) if each[1]]
        for each in lines:
            digest.add(each)
        result = {"votes": [option["votes"] for option in poll["options"]], **{f: poll[f] for f in POLL_FIELDS}}
        header = {"stream_id": "s", "poll_id": "p", "question": "?", "max_choices": 1, "options": poll["options"]}
        header |= {"result": result, "digest": str(digest), "ballots": len(lines)}
        return web.Response(body=json.dumps(header).encode() + b"\n" + b"".join(lines))

    @asynccontextmanager
    async def gateways(self, number: int) -> AsyncIterator[list[str]]:
        """Serve the poll at `number` addresses."""
        poll = "/v1/streams/{stream}/polls/{poll}"
        async with AsyncExitStack() as stack:
            urls = []
            for port in free_ports(number):
                app = web.Application()
                app.router.add_post("/v1/streams", self.create)
                app.router.add_post("/v1/streams/{stream}/polls", self.create)
                app.router.add_get(poll, self.poll)
                app.router.add_post(f"{poll}/close", self.close)
                app.router.add_route("*", f"{poll}/votes", self.take)
                app.router.add_get(f"{poll}/ballots", self.ballots)
                app.router.add_get("/v1/receipts/{receipt}", self.receipt)
                server = TestServer(app, port=port)
                await server.start_server(shutdown_timeout=0.1)
                stack.push_async_callback(server.close)
                urls.append(str(server.make_url("")))
            yield urls


def _problem(status: int, name: str, **options: Any) -> web.Response:
    return web.json_response({"type": f"/problems/{name}"}, status=status, **options)
