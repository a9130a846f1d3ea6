"""A stand-in for the gateway beside a full ClickHouse: the real page, and answers in the gateway's own shapes.

Spans and steps are read by the gateway's own code, and refused by it.
"""

import asyncio
import socket as sockets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway import problems
from gateway.control.model import Stream
from gateway.history.answers import Moment, Moments, Step, Timeline
from gateway.history.span import Span, span_of
from gateway.lean import json_response, problem_response
from gateway.problems import Problem
from gateway.refusal import Refused
from gateway.routes import pages
from gateway.routes.poll_shapes import PollList, PollResults
from gateway.routes.streams import StreamAnswer
from tests.browser.history import evening

KEY = "a-key-that-may-read"


class Past:
    """One stream and what is remembered of it. A test changes what it says by its attributes."""

    def __init__(self) -> None:
        self.url = ""
        self.stream: Stream = evening.stream()
        self.taps: evening.Taps = evening.taps()
        self.moments: list[Moment] = evening.moments()
        self.polls: list[PollResults] = evening.polls()
        self.now_ms = evening.BEGIN + evening.LASTS_S * 1000
        self.problem: Problem | None = None
        """What every call is refused with, if anything."""
        self.history_problem: Problem | None = None
        """The same for calls below `/history` alone."""
        self.asked: list[Request] = []

    def link(self, fragment: str = f"#key={KEY}") -> str:
        """Return the address of the page."""
        return f"{self.url}/studio/{evening.STREAM}/history{fragment}"

    def paths(self) -> list[str]:
        """Return what was asked for, oldest first, with its query."""
        return [each.url.path + (f"?{each.url.query}" if each.url.query else "") for each in self.asked]

    def app(self) -> Starlette:
        """Return the stand-in as an application."""
        stream = "/v1/streams/{stream}"
        calls: dict[str, Callable[[Request], Any]] = {
            stream: lambda _: msgspec.convert(self.stream, StreamAnswer, from_attributes=True),
            stream + "/history/reactions": self._reactions,
            stream + "/history/moments": self._moments,
            stream + "/history/exports/{table}": self._export,
            stream + "/polls": lambda _: PollList([evening.listed(each) for each in self.polls]),
            stream + "/polls/{poll}": self._poll,
            stream + "/history/polls/{poll}/timeline": lambda request: evening.course(self._poll(request)),
        }
        return Starlette(routes=[*pages.ROUTES, *(Route(path, self._guarded(call)) for path, call in calls.items())])

    def _guarded(self, call: Callable[[Request], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            self.asked.append(request)
            try:
                if request.headers.get("authorization") != f"Bearer {KEY}":
                    raise Refused(problems.BAD_API_KEY)
                if request.path_params["stream"] != evening.STREAM:
                    raise Refused(problems.UNKNOWN_STREAM)
                if problem := self.problem or (self.history_problem if "/history/" in request.url.path else None):
                    raise Refused(problem)
                answer = call(request)
                return answer if isinstance(answer, Response) else json_response(answer)
            except Refused as refused:
                return problem_response(refused)

        return answer

    def _reactions(self, request: Request) -> Timeline:
        span = span_of(request.query_params, self.stream, self.now_ms)
        return Timeline(
            stream_id=evening.STREAM,
            clock=span.clock,
            from_ms=span.from_ms,
            to_ms=span.to_ms,
            step_s=span.step_s,
            steps=steps(self.taps, span),
        )

    def _moments(self, request: Request) -> Moments:
        if request.query_params.get("step") != "1":
            return Moments(stream_id=evening.STREAM, clock="wall", step_s=10, moments=self.moments)
        if not self.moments:
            return Moments(stream_id=evening.STREAM, clock="wall", step_s=1, moments=[])
        second = max(self.taps, key=lambda each: sum(self.taps[each].values()))
        at = evening.BEGIN + second * 1000
        loudest = msgspec.structs.replace(self.moments[0], begins=at, ends=at + 1000, peak=at, at_s=second)
        return Moments(stream_id=evening.STREAM, clock="wall", step_s=1, moments=[loudest])

    def _export(self, request: Request) -> Response:
        """Return a row a page, two pages of them, each with the names of the columns."""
        number = int(request.query_params.get("cursor", "1"))
        headers = {"next-cursor": str(number + 1)} if number < 2 else {}
        return Response(f'"table","row"\n"{request.path_params["table"]}",{number}\n', 200, headers, "text/csv")

    def _poll(self, request: Request) -> PollResults:
        return next(each for each in self.polls if each.poll_id == request.path_params["poll"])


def steps(taps: evening.Taps, span: Span) -> list[Step]:
    """Return the taps of a span by step, as ClickHouse adds them up: quiet ones between them included."""
    step_ms = span.step_s * 1000
    found: dict[int, dict[str, int]] = {}
    for second, counts in taps.items():
        at = evening.BEGIN + second * 1000
        if span.from_ms <= at < span.to_ms:
            step = found.setdefault(at // step_ms * step_ms, {})
            for emoji, count in counts.items():
                step[emoji] = step.get(emoji, 0) + count
    if not found:
        return []
    starts = range(min(found), max(found) + 1, step_ms)
    return [Step(start, sum(found.get(start, {}).values()), found.get(start, {})) for start in starts]


@asynccontextmanager
async def serving() -> AsyncIterator[Past]:
    """Serve a stand-in on a free port of the loopback."""
    past = Past()
    server = uvicorn.Server(uvicorn.Config(past.app(), lifespan="off", log_config=None, timeout_graceful_shutdown=1))
    with sockets.create_server(("127.0.0.1", 0)) as listener:
        past.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield past
        finally:
            server.should_exit = True
            await running
