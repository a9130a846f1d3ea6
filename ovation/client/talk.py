"""The inside of a `Live`: what comes from gateways goes to the picture, to who waits for it, and to the listeners."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import aiohttp

from ovation.client import frames
from ovation.client.answers import decode
from ovation.client.connection import Connection
from ovation.client.errors import CallError, NotSentError, ProblemError, UnansweredError
from ovation.client.exchange import Exchange
from ovation.client.listeners import Listeners
from ovation.client.merge_poll import is_over
from ovation.client.outbox import Sending
from ovation.client.picture import Picture
from ovation.client.states import Standing, State
from ovation.client.votes import Votes, poll_of

_UNSEEN = frozenset({"expired-token", "wrong-order"})
"""Problems with which a gateway refuses a frame before it has looked whether that was taken before."""
_CLOSED = "The client was closed before the answer."


class Talk:
    """Runs from its making until `end`. Without `watch` the picture stays as it is."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        addresses: Sequence[str],
        token: str,
        *,
        picture: Picture | None,
        listeners: Listeners,
        room: int,
    ) -> None:
        self.votes = Votes()
        self.standing = Standing(self._turned)
        self.connection = Connection(http, addresses, token, self._take, self._lost, self._again)
        self.exchange = Exchange(self.connection, room, self._opened)
        self._picture = picture
        self._listeners = listeners
        self._loop = asyncio.get_running_loop()
        self._running = asyncio.create_task(self._run())

    def put(self, frame: frames.Frame) -> Sending:
        """Put a frame into the outbox. Raises a CallError when it is not kept."""
        if self.standing.state == "stopped":
            failure = self.standing.failure
            raise failure if isinstance(failure, CallError) else NotSentError("The client was closed.")
        sending = Sending(frame, self._loop.create_future())
        self.exchange.put(sending)
        return sending

    def tell(self, event: str, *news: Any) -> None:
        """Tell the listeners; what one of them raises stops the client."""
        try:
            self._listeners.tell(event, *news)
        except Exception as error:
            self.stop(error)

    def stop(self, failure: Exception | None) -> None:
        """Stop for good. What is not answered fails: with a problem if that is why, and it was never sent."""

        def give_up(sending: Sending) -> None:
            if isinstance(failure, ProblemError) and not sending.may_have_arrived:
                sending.fail(failure)
            sending.give_up(_CLOSED)

        self._running.cancel()
        self.exchange.end(give_up)
        self.standing.become("stopped", failure)

    async def end(self) -> None:
        """Stop, and return when the connection is gone."""
        self.stop(None)
        await asyncio.wait([self._running])

    async def _run(self) -> None:
        try:
            await self.connection.run()
        except Exception as error:
            self.stop(error)

    def _take(self, text: str) -> None:
        message = decode(text, frames.message)
        kind = message.type
        if kind == "ack":
            self._accept(message)
        elif kind == "error":
            self._refuse(message.id, frames.problem(text))
        elif kind == "welcome":
            self.connection.welcomed(message.regions)
            self.exchange.welcomed(message.edge)
        else:
            if self._listeners.wants("message"):
                self.tell("message", kind, text)
            rises = None if self._picture is None else self._picture.take(kind, text)
            if rises is not None:
                self.tell("picture", self._picture, rises)
            if kind == "snapshot":
                self.exchange.shown()

    def _accept(self, message: frames.Message) -> None:
        sending = self.exchange.answered(message.id)
        if sending is None:
            return
        self.exchange.satisfied()
        sending.answer.set_result(message)
        if not sending.is_taps:
            vote = self.votes.counted(sending, message.as_receipt())
            if vote is not None:
                self.tell("vote", poll_of(sending), vote)

    def _refuse(self, frame_id: int | None, problem: ProblemError) -> None:
        sending = self.exchange.answered(frame_id)
        if sending is None:
            return
        if sending.is_taps:
            if len(sending.tries_s) > 1 and problem.status == HTTPStatus.TOO_MANY_REQUESTS:
                self.exchange.put_back(sending, problem)
            elif len(sending.tries_s) > 1 and problem.name in _UNSEEN:
                sending.fail(UnansweredError(f"These taps may have been taken before this: {problem}"))
            # Of taps, a gateway that is not available has taken none.
            elif (problem.is_temporary and problem.nothing_done) or problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
                self.exchange.put_off(sending, problem, maybe_taken=False)
            else:
                sending.fail(problem)
        elif problem.is_temporary and self.votes.is_newest(sending):
            self.exchange.put_off(sending, problem, maybe_taken=not problem.nothing_done)
            self.tell("vote", poll_of(sending), self.votes.put_off(sending, problem))
        else:
            vote = self.votes.refused(sending, problem)
            sending.fail(problem)
            if vote is not None:
                self.tell("vote", poll_of(sending), vote)

    def _opened(self) -> None:
        self.standing.become("live")
        self._reveal()

    def _lost(self) -> None:
        self.exchange.closed()

    def _again(self) -> None:
        if self.standing.state == "live":
            self.standing.become("reconnecting")

    def _turned(self, state: State) -> None:
        failure = self.standing.failure
        self.tell("state", state, failure if isinstance(failure, ProblemError) else None)

    def _reveal(self) -> None:
        """Show the gateway the receipts of votes whose results only those see who have voted."""
        for poll_id, poll in {} if self._picture is None else self._picture.polls.items():
            receipt = self.votes.receipt(poll_id)
            if receipt is not None and poll.get("results") == "after_vote" and not is_over(poll):
                self.exchange.say(frames.Show(receipt=receipt))
