"""A stand-in for the gateway and all behind it: the real page, and polls that change by the gateway's own code.

Votes do not come in, and no recount ends: a test says how the numbers stand.
"""

import asyncio
import json
import socket as sockets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import uvicorn
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway import problems
from gateway.conditional import wanted_revisions
from gateway.control import changes
from gateway.control.model import Poll, Result, Stream
from gateway.final.ballot_list import header
from gateway.final.numbers import Numbers
from gateway.history.answers import Moment, Moments, Step, Timeline
from gateway.lean import json_response, problem_response
from gateway.live import render
from gateway.live.tally import EMPTY, Tally
from gateway.problems import Problem
from gateway.refusal import Refused
from gateway.routes import pages, poll_edits, qr
from gateway.routes.poll_shapes import NewPoll, PollChange, PollList, PollResults
from gateway.routes.stats import LiveLag, Recount, StreamStats
from gateway.routes.streams import NewStream, StreamAnswer
from gateway.routes.tokens import NewToken, TokenAnswer
from gateway.stats.rises import SECONDS

STREAM = "finale"
TITLE = "Sunday final, live from the lake"
EMOJIS = ("🔥", "👏", "😂", "😮", "💙", "🎉")
KEY = "a-key-that-may-do-everything"
AGE_MS = 3_600_000

_STEPS = {
    "open": changes.open_poll,
    "pause": changes.pause_poll,
    "close": changes.close_poll,
    "cancel": changes.cancel_poll,
}


def now_ms() -> int:
    """Return the time."""
    return time.time_ns() // 1_000_000


class Studio:
    """One stream, live for an hour, and its polls. A test changes what it says by its attributes."""

    def __init__(self) -> None:
        self.url = ""
        self.begin = now_ms() - AGE_MS
        self.stream: Stream | None = self.made(TITLE, EMOJIS)
        self.polls: dict[str, Poll] = {}
        self.tallies: dict[str, Tally] = {}
        self.watching = 0
        self.taps = [0] * SECONDS
        self.votes = [0] * SECONDS
        self.lag: LiveLag | None = None
        self.history_lag_s: float | None = 0.0
        self.refused: dict[str, int] = {}
        self.recounts: list[Recount] = []
        self.moments: list[Moment] = []
        self.problems: dict[str, Problem] = {}
        """What calls are refused with, by the end of their path."""
        self.asked: list[tuple[str, str, Any]] = []
        """Method, path and body of every call that changes something, oldest first."""
        self.is_mute = False
        """Whether answers are lost on their way, though what was asked is done."""
        self._changed = asyncio.Event()

    def link(self, fragment: str = f"#key={KEY}") -> str:
        """Return the address of the page."""
        return f"{self.url}/studio/{STREAM}{fragment}"

    def made(self, title: str, emojis: tuple[str, ...]) -> Stream:
        """Return the stream as `control` has it."""
        return Stream(
            **self._stamp(), stream_id=STREAM, title=title, emojis=emojis, status="live", created_at=self.begin,
            ended_at=None,
        )  # fmt: skip

    def add(self, question: str, options: list[str], *, poll_id: str, at_ms: int | None = None, **more: Any) -> Poll:
        """Have a poll, made now or then, as a broadcaster makes it."""
        stamp = self._stamp() | ({} if at_ms is None else {"at": at_ms})
        new = NewPoll(question=question, options=options, **more)
        poll = self.polls[poll_id] = poll_edits.made(new, STREAM, poll_id, stamp)
        return poll

    def count(self, poll_id: str, votes: list[int], voters: int | None = None, **more: int) -> None:
        """Let so many have voted for each option."""
        counted = sum(votes) if voters is None else voters
        received = counted + sum(more.values())
        by_id = {str(number): count for number, count in enumerate(votes, 1)}
        self.tallies[poll_id] = Tally(
            votes=by_id, voters=counted, received=received, version=received, buckets={}, **more
        )

    def close(self, poll_id: str, at_ms: int | None = None) -> None:
        """Close a poll, as another studio would."""
        self._put(changes.close_poll(self.polls[poll_id], at_ms or now_ms()))

    def finish(self, poll_id: str) -> None:
        """Let the recount agree."""
        poll, tally = self.polls[poll_id], self.tallies.get(poll_id, EMPTY)
        numbers = {name: getattr(tally, name) for name in Result.__struct_fields__ if hasattr(tally, name)}
        votes = tuple(tally.votes.get(option.id, 0) for option in poll.options)
        result = Result(**{**numbers, "votes": votes, "digest": "5f" * 32})
        self._put(changes.finish_poll(poll, result, now_ms()))

    def differ(self, poll_id: str, live: dict[str, int], recount: dict[str, int]) -> None:
        """Let the recount have other votes than the live tally."""
        none = dict.fromkeys(("replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible"), 0)
        accounts = [
            Numbers(votes=votes, voters=sum(votes.values()), received=sum(votes.values()), **none)
            for votes in (live, recount)
        ]
        self.recounts = [Recount(poll_id, "different", *accounts)]

    def done(self, method: str, end: str) -> list[Any]:
        """Return the bodies of the calls that were made."""
        return [body for asked, path, body in self.asked if asked == method and path.endswith(end)]

    async def until(self, holds: Callable[[], object]) -> None:
        """Return once something holds that a call brings about. Raises TimeoutError."""
        async with asyncio.timeout(10):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def app(self) -> Starlette:
        """Return the stand-in as an application."""
        path = "/v1/streams/{stream}"
        poll = path + "/polls/{poll}"
        calls: list[tuple[str, str, Callable[[Request, bytes], Any]]] = [
            ("POST", "/v1/streams", self._create),
            ("POST", "/v1/qr", lambda _, body: Response(qr.drawing(json.loads(body)["text"]), 200, {}, qr.MEDIA_TYPE)),
            ("GET", path, lambda *_: self._answer()),
            ("POST", path + "/end", lambda *_: self._end()),
            ("POST", path + "/tokens", lambda _, body: self._token(body)),
            ("GET", path + "/stats", lambda *_: self._stats()),
            ("GET", path + "/polls", lambda *_: PollList([self._listed(each) for each in self.polls.values()])),
            ("POST", path + "/polls", lambda _, body: self._create_poll(body)),
            ("GET", poll, lambda request, _: self._poll(request.path_params["poll"])),
            ("PATCH", poll, self._edit),
            ("GET", poll + "/ballots", lambda request, _: Response(header(self.polls[request.path_params["poll"]]))),
            ("POST", poll + "/{step}", self._step),
            ("GET", path + "/history/moments", lambda *_: self._moments()),
            ("GET", path + "/history/reactions", lambda request, _: self._reactions(request)),
        ]
        own = [Route(path, self._guarded(call), methods=[method]) for method, path, call in calls]
        return Starlette(routes=[*pages.ROUTES, *own])

    def _guarded(self, call: Callable[[Request, bytes], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            body, path = await request.body(), request.url.path
            try:
                if request.headers.get("authorization") != f"Bearer {KEY}":
                    raise Refused(problems.BAD_API_KEY)
                for end, problem in self.problems.items():
                    if path.endswith(end):
                        raise Refused(problem)
                if path.startswith("/v1/streams/") and self.stream is None:
                    raise Refused(problems.UNKNOWN_STREAM)
                if request.method != "GET":
                    self.asked.append((request.method, path, json.loads(body or b"null")))
                answer = call(request, body)
                response = answer if isinstance(answer, Response) else json_response(answer)
            except Refused as refused:
                response = problem_response(refused)
            self._changed.set()
            if self.is_mute and request.method != "GET":
                return Response(status_code=502)
            return response

        return answer

    def _stamp(self) -> dict[str, Any]:
        return {"region": "eu", "edge": "test", "at": now_ms(), "revision": 1}

    def _put(self, poll: Poll) -> Poll:
        known = self.polls.get(poll.poll_id)
        if known is not None and poll is not known:
            poll = replace(poll, revision=known.revision + 1)
        self.polls[poll.poll_id] = poll
        return poll

    def _answer(self) -> StreamAnswer:
        return msgspec.convert(self.stream, StreamAnswer, from_attributes=True)

    def _create(self, _: Request, body: bytes) -> StreamAnswer:
        new = msgspec.json.decode(body, type=NewStream)
        assert new.stream_id == STREAM
        self.begin = now_ms()
        self.stream = self.made(new.title, tuple(new.emojis))
        return self._answer()

    def _end(self) -> StreamAnswer:
        assert self.stream is not None
        self.stream = changes.end_stream(self.stream, now_ms())
        for poll in list(self.polls.values()):
            self._put(changes.end_poll(poll, now_ms()))
        return self._answer()

    def _token(self, body: bytes) -> TokenAnswer:
        new = msgspec.json.decode(body, type=NewToken)
        # As long as one that a gateway writes.
        return TokenAnswer(f"{new.role}.{'eyJhbGciOiJIUzI1NiJ9' * 9}.c2ln", now_ms() + new.expires_in_s * 1000)

    def _stats(self) -> StreamStats:
        return StreamStats(
            stream_id=STREAM,
            edge="test",
            as_of=now_ms(),
            watching=self.watching,
            screens=self.watching // 3,
            taps_per_s=sum(self.taps[-5:]) / 5,
            votes_per_s=sum(self.votes[-5:]) / 5,
            taps=self.taps,
            votes=self.votes,
            live_lag_ms=self.lag,
            history_lag_s=self.history_lag_s,
            refused=self.refused,
            since=self.begin,
            recounts=self.recounts,
        )

    def _listed(self, poll: Poll) -> Any:
        return poll_edits.answered(poll, now_ms(), broadcaster=True)

    def _poll(self, poll_id: str) -> PollResults:
        if poll_id not in self.polls:
            raise Refused(problems.UNKNOWN_POLL)
        poll = self._put(changes.keep_time(self.polls[poll_id], now_ms()))
        shown = render.poll(poll, self.tallies.get(poll_id, EMPTY), now_ms(), voted=False, broadcaster=True)
        digest = {} if poll.result is None else {"digest": poll.result.digest}
        listed = msgspec.to_builtins(self._listed(poll))
        return msgspec.convert({**shown, **listed, "options": shown["options"], **digest}, PollResults)

    def _create_poll(self, body: bytes) -> Any:
        new = msgspec.json.decode(body, type=NewPoll)
        assert new.poll_id is not None
        if new.poll_id in self.polls:
            raise Refused(problems.POLL_EXISTS, field="poll_id")
        return self._listed(self._put(poll_edits.made(new, STREAM, new.poll_id, self._stamp())))

    def _edit(self, request: Request, body: bytes) -> Any:
        poll = self.polls[request.path_params["poll"]]
        wanted = wanted_revisions(request)
        if wanted is not None and poll.revision not in wanted:
            raise Refused(problems.PRECONDITION_FAILED)
        change = msgspec.json.decode(body, type=PollChange)
        return self._listed(self._put(poll_edits.changed(poll, change, now_ms())))

    def _step(self, request: Request, _: bytes) -> Any:
        poll = self.polls[request.path_params["poll"]]
        return self._listed(self._put(_STEPS[request.path_params["step"]](poll, now_ms())))

    def _moments(self) -> Moments:
        return Moments(stream_id=STREAM, clock="wall", step_s=10, moments=self.moments)

    def _reactions(self, request: Request) -> Timeline:
        start, end = int(request.query_params["from"]), int(request.query_params["to"])
        taps = next(moment.taps for moment in self.moments if moment.begins == start)
        # Two thirds of all taps are of one emoji, and of the rest two thirds of the next.
        counts = {emoji: taps * 2 // 3 ** (place + 1) for place, emoji in enumerate(EMOJIS)}
        step = Step(start, sum(counts.values()), counts)
        return Timeline(stream_id=STREAM, clock="wall", from_ms=start, to_ms=end, step_s=1, steps=[step])


class Server:
    """Serves a stand-in at one address, and may be away for a while."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._port = 0
        self._server: uvicorn.Server | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Answer, at the same address each time."""
        config = uvicorn.Config(self._studio.app(), lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        listener = sockets.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._studio.url = f"http://127.0.0.1:{self._port}"
        self._server = uvicorn.Server(config)
        self._running = asyncio.create_task(self._server.serve(sockets=[listener]))

    async def stop(self) -> None:
        """Answer nothing any more."""
        if self._server is not None and self._running is not None:
            self._server.should_exit = True
            await self._running
            self._server = None


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Studio, Server]]:
    """Serve a stand-in on a free port of the loopback."""
    studio = Studio()
    server = Server(studio)
    await server.start()
    try:
        yield studio, server
    finally:
        await server.stop()
