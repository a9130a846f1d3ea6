"""One viewer on one live stream: its picture, its taps and its votes, through a network and gateways that come and go.

    async with connect("cup-final", token, urls=["https://live.example"]) as live:
        live.on("picture", lambda picture, rises: print(picture.totals))
        live.tap("🔥")
        vote = await live.vote(poll_id, ["1"])

Nothing waits for a connection: what is said while there is none is kept, and sent in its order once there is. What was
sent and not answered when a connection broke is sent again, to whichever gateway is next, and counts once all the same.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Literal, Self, overload

import aiohttp

from ovation.client import frames
from ovation.client.addresses import socket_addresses
from ovation.client.answers import Counted
from ovation.client.errors import ProblemError
from ovation.client.listeners import Listeners
from ovation.client.outbox import Sending
from ovation.client.picture import Picture
from ovation.client.states import State
from ovation.client.talk import Talk
from ovation.client.tap_pile import TapPile, TapsOutcome
from ovation.client.votes import Vote

MOMENT_MS = 80.0
ROOM = 1_000
"""Frames that may wait for an answer."""
CLOSE_S = 5.0

Off = Callable[[], None]
"""Ends the calls to a listener."""


def connect(
    stream: str,
    token: str,
    *,
    urls: Sequence[str],
    interval_ms: int | None = None,
    moment_ms: float = MOMENT_MS,
    watch: bool = True,
    room: int = ROOM,
    http: aiohttp.ClientSession | None = None,
) -> "Live":
    """Return a viewer of a stream, to be used as an asynchronous context manager. Entering it waits for nothing.

    `urls` are the gateways, tried in turn; `interval_ms`, from 20 to 5000, is the shortest time between two messages
    about the stream, by default the gateway's own. Taps within `moment_ms` go out as one frame, with 0 each in its own.
    Without `watch` the picture stays empty, for who only taps. At most `room` frames are kept until they are answered.
    `http` is a session to share; it is not closed. Raises ValueError for what no gateway would take.
    """
    addresses = socket_addresses(stream, urls, interval_ms)
    return Live(addresses, token, moment_ms=moment_ms, watch=watch, room=room, http=http)


class Live:
    """What `connect` returns. `picture` is what a screen shows, merged so that no number goes back."""

    def __init__(
        self,
        addresses: Sequence[str],
        token: str,
        *,
        moment_ms: float,
        watch: bool,
        room: int,
        http: aiohttp.ClientSession | None,
    ) -> None:
        self.picture = Picture()
        self._addresses = addresses
        self._token = token
        self._watch = watch
        self._room = room
        self._shared = http
        self._listeners = Listeners("picture", "state", "vote", "taps", "message")
        self._pile = TapPile(moment_ms / 1000, self._send_taps, self._taps_failed)

    async def __aenter__(self) -> Self:
        self._http = self._shared or aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        picture = self.picture if self._watch else None
        self._talk = Talk(
            self._http, self._addresses, self._token, picture=picture, listeners=self._listeners, room=self._room
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close(CLOSE_S if error is None else 0.0)
        failure = self._talk.standing.failure
        if error is None and failure is not None and not isinstance(failure, ProblemError):
            raise failure

    @property
    def state(self) -> State:
        """`connecting`, `live`, `reconnecting`, or `stopped`, which is for good."""
        return self._talk.standing.state

    @property
    def votes(self) -> Mapping[str, Vote]:
        """The newest vote in each poll, by the poll's id."""
        return MappingProxyType(self._talk.votes.by_poll)

    @property
    def connections(self) -> int:
        """How many connections there were: one more than it reconnected."""
        return self._talk.connection.made

    @overload
    def on(self, event: Literal["picture"], listener: Callable[[Picture, dict[str, int]], object]) -> Off: ...

    @overload
    def on(self, event: Literal["state"], listener: Callable[[State, ProblemError | None], object]) -> Off: ...

    @overload
    def on(self, event: Literal["vote"], listener: Callable[[str, Vote], object]) -> Off: ...

    @overload
    def on(self, event: Literal["taps"], listener: Callable[[TapsOutcome], object]) -> Off: ...

    @overload
    def on(self, event: Literal["message"], listener: Callable[[str, str], object]) -> Off: ...

    def on(self, event: str, listener: Callable[..., object]) -> Off:
        """Call `listener` at each event, until the function that is returned is called.

        `picture`: the picture and, by emoji, the taps that are new in it. `state`: the state and, where a gateway has
        stopped it, the problem. `vote`: a poll's id and the vote in it. `taps`: what came of taps. `message`: type and
        text of every message about the stream, as it came. What a listener raises stops the client.
        """
        return self._listeners.add(event, listener)

    async def ready(self) -> None:
        """Return once it is live. Raises what stopped it, as `stopped` does."""
        await self._talk.standing.until("live")

    async def stopped(self) -> None:
        """Return once it was closed. Raises what else stopped it: a ProblemError when a gateway refuses it for good,
        MalformedAnswerError, or what a listener raised.
        """
        await self._talk.standing.until("stopped")

    def tap(self, emoji: str, count: int = 1) -> None:
        """Tap; what comes of it is told as `taps`. Raises ValueError for a count that no frame holds."""
        self._pile.add(emoji, count)

    async def react(self, counts: dict[str, int]) -> Counted:
        """Send taps in a frame of their own and return what came of them.

        Raises a CallError: the gateway's no; `NotSentError` when they will never count; or when nobody can know,
        `UnansweredError` and the problem `uncertain-taps`.
        """
        sending = self._talk.put(frames.React(counts=counts))
        try:
            await self._talk.exchange.flush()
            return (await sending.answer).as_counted()
        except asyncio.CancelledError:
            self.forget(sending)
            raise

    async def vote(self, poll_id: str, choices: Sequence[str]) -> Vote:
        """Vote, and return the vote once it is counted. Raises a CallError when it is refused, or has to be given up,
        and ValueError for more than any poll takes. Whoever stops waiting has voted all the same.
        """
        return await _counted(self.cast(poll_id, choices))

    async def withdraw(self, poll_id: str) -> Vote:
        """Take a vote back. Returns and raises what `vote` does."""
        return await _counted(self.cast(poll_id, ()))

    def cast(self, poll_id: str, choices: Sequence[str]) -> Sending:
        """Vote, or without `choices` take the vote back, and return it on its way; `answer` gets what comes of it."""
        frame = frames.Vote(poll_id=poll_id, choices=list(choices)) if choices else frames.Withdraw(poll_id=poll_id)
        frames.require_room(frame)
        sending = self._talk.put(frame)
        sending.answer.add_done_callback(_seen)
        self._talk.votes.sent(sending)
        self._talk.tell("vote", poll_id, self._talk.votes.by_poll[poll_id])
        self._talk.exchange.flush_soon()
        return sending

    def forget(self, sending: Sending) -> None:
        """Do not send a frame again, whatever has come of it."""
        self._talk.exchange.drop(sending)

    async def close(self, patience_s: float = CLOSE_S) -> None:
        """Wait for the answers that are due, if there is a connection, and end it for good.

        What is not answered by then is given up.
        """
        self._pile.flush()
        if self.state == "live":
            await self._talk.exchange.drained(patience_s)
        await self._talk.end()
        if self._shared is None:
            await self._http.close()

    def _send_taps(self, frame: frames.React) -> Sending:
        sending = self._talk.put(frame)
        sending.answer.add_done_callback(lambda _: self._taps_told(sending))
        self._talk.exchange.flush_soon()
        return sending

    def _taps_told(self, sending: Sending) -> None:
        outcome = TapsOutcome.of_sending(sending)
        if outcome is not None:
            self._talk.tell("taps", outcome)

    def _taps_failed(self, outcome: TapsOutcome) -> None:
        self._talk.tell("taps", outcome)


async def _counted(sending: Sending) -> Vote:
    message = await asyncio.shield(sending.answer)
    return Vote(sending.choices, "counted", message.as_receipt())


def _seen(answer: "asyncio.Future[frames.Message]") -> None:
    """Look at an answer for which nobody may wait."""
    if not answer.cancelled():
        answer.exception()
