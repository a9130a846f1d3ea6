"""The gateway's HTTP interface, as a test calls it."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.gateway.processes import API_KEY

EMOJIS = ["🔥", "👏"]


@dataclass
class Answer:
    """What came back: the status, the headers, and the JSON body, {} when there is none."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def problem(self) -> str:
        """The name of the problem."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert self.body["status"] == self.status
        return str(self.body["type"]).removeprefix("/problems/")


@dataclass
class Api:
    """One gateway, called as broadcaster unless a token is given."""

    session: aiohttp.ClientSession
    url: str

    async def call(
        self, method: str, path: str, body: object = None, token: str | None = API_KEY, **options: Any
    ) -> Answer:
        headers = {**({"authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        if body is not None:
            options["data"] = body if isinstance(body, (bytes, str)) else json.dumps(body)
        async with self.session.request(method, self.url + path, headers=headers, **options) as response:
            text = await response.text()
            found = {name.lower(): value for name, value in response.headers.items()}
            is_json = "json" in found.get("content-type", "")
            return Answer(response.status, found, json.loads(text) if text and is_json else text)

    async def stream(self, **fields: object) -> str:
        answer = await self.call("POST", "/v1/streams", {"title": "Test", "emojis": EMOJIS, **fields})
        assert answer.status == 201, answer
        return str(answer.body["stream_id"])

    async def token(self, stream: str, viewer: str = "viewer-1", role: str = "viewer", **fields: object) -> str:
        body = {"viewer_id": viewer, "role": role, **fields}
        answer = await self.call("POST", f"/v1/streams/{stream}/tokens", body)
        assert answer.status == 201, answer
        return str(answer.body["token"])

    async def poll(self, stream: str, **fields: object) -> str:
        body = {"question": "Who?", "options": ["Ana", "Bo", "Cy"], "open": True, **fields}
        answer = await self.call("POST", f"/v1/streams/{stream}/polls", body)
        assert answer.status == 201, answer
        return str(answer.body["poll_id"])

    async def step(self, stream: str, poll: str, step: str, **options: Any) -> Answer:
        return await self.call("POST", f"/v1/streams/{stream}/polls/{poll}/{step}", **options)

    async def edit(self, stream: str, poll: str, body: object, **options: Any) -> Answer:
        return await self.call("PATCH", f"/v1/streams/{stream}/polls/{poll}", body, **options)

    async def show(self, stream: str, poll: str, token: str | None = API_KEY, **options: Any) -> Answer:
        return await self.call("GET", f"/v1/streams/{stream}/polls/{poll}", token=token, **options)

    async def react(self, stream: str, token: str | None, counts: dict[str, Any]) -> Answer:
        return await self.call("POST", f"/v1/streams/{stream}/reactions", {"counts": counts}, token)

    async def vote(self, stream: str, poll: str, token: str | None, choices: list[Any]) -> Answer:
        return await self.call("POST", f"/v1/streams/{stream}/polls/{poll}/votes", {"choices": choices}, token)

    async def until_known(self, stream: str, poll: str | None = None) -> None:
        """Wait until this gateway has read a stream, or a poll of it, that another one created."""
        path = f"/v1/streams/{stream}" + (f"/polls/{poll}" if poll else "")
        async with asyncio.timeout(20):
            while (await self.call("GET", path)).status != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def until_status(self, stream: str, poll: str, status: str, seconds: float = 10) -> Answer:
        """Wait until this gateway shows a poll with the status, or "none"; return that answer."""
        async with asyncio.timeout(seconds):
            while True:
                answer = await self.show(stream, poll)
                if (answer.body["status"] if answer.status == 200 else "none") == status:
                    return answer
                await asyncio.sleep(0.005)
