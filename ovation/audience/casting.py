"""Sends one vote until it is answered, and notes what came of every try."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from ovation.audience.figures import Figures
from ovation.audience.ledger import Attempt, Outcome
from ovation.client.errors import CallError, MalformedAnswerError, ProblemError
from ovation.client.live import Live
from ovation.client.outbox import Sending
from ovation.client.patience import insist

PATIENCE_S = 60.0
"""How long a voter goes on sending a vote that is not answered."""

Note = Callable[[Attempt], None]

_COUNTED_AS: dict[str, Outcome] = {"late-vote": "late", "ineligible": "ineligible"}
"""Problems of a vote that is written down all the same."""


async def cast(send: Callable[[], Awaitable[str]], choices: tuple[str, ...], note: Note, figures: Figures) -> None:
    """Call `send`, which returns a receipt, until the vote for `choices` is taken or refused, or patience ends.

    However often a vote arrives, it counts once. Raises MalformedAnswerError.
    """

    async def once() -> None:
        sent_s = time.perf_counter()

        def noted(outcome: Outcome, receipt: str | None = None) -> None:
            ended_s = None if outcome == "unanswered" else time.perf_counter()
            note(Attempt(choices, outcome, sent_s, ended_s, receipt))
            if ended_s is not None and receipt is not None:
                figures.vote_ack.add(ended_s - sent_s)
                figures.votes_answered += 1

        try:
            receipt = await send()
        except ProblemError as problem:
            if problem.receipt is not None and problem.name in _COUNTED_AS:
                noted(_COUNTED_AS[problem.name], problem.receipt)
                return
            if not problem.is_temporary:
                noted("refused")
            elif problem.nothing_done:
                figures.votes_put_off += 1
            else:
                noted("unanswered")
            raise
        except (CallError, asyncio.CancelledError) as failure:
            if not (isinstance(failure, CallError) and failure.nothing_done):
                noted("unanswered")
            raise
        noted("acknowledged", receipt)
        figures.votes_acknowledged += 1

    try:
        await insist(once, PATIENCE_S)
    except MalformedAnswerError:
        raise
    except CallError as failure:
        figures.failed(failure)
        if failure.is_temporary and failure.nothing_done:
            # Nobody took it to the last: the voter was turned away.
            note(Attempt(choices, "refused", time.perf_counter()))


async def follow(live: Live, poll_id: str, choices: tuple[str, ...], note: Note, figures: Figures) -> None:
    """Vote over `live`, which sends the vote again by itself, and note what came of every time that it was sent.

    Raises MalformedAnswerError.
    """
    sending = live.cast(poll_id, choices)
    try:
        receipt = (await sending.answer).as_receipt()
    except ProblemError as problem:
        counted_as = None if problem.receipt is None else _COUNTED_AS.get(problem.name)
        if counted_as is not None:
            _note_answered(sending, counted_as, problem.receipt, note, figures)
        elif problem.is_temporary:  # The same viewer's newer vote has taken its place meanwhile.
            _note_unanswered(sending, sending.tries_s[:-1] if problem.nothing_done else sending.tries_s, note)
            figures.votes_put_off += problem.nothing_done
        else:
            figures.failed(problem)
            _note_unanswered(sending, sending.tries_s[:-1], note)
            note(Attempt(choices, "refused", sending.since_s))
    except MalformedAnswerError:
        raise
    except (CallError, asyncio.CancelledError) as failure:
        figures.failed(failure)
        live.forget(sending)
        _note_unanswered(sending, sending.tries_s, note)
        if not sending.may_have_arrived:
            note(Attempt(choices, "refused", sending.since_s))
        if isinstance(failure, asyncio.CancelledError):
            raise
    else:
        _note_answered(sending, "acknowledged", receipt, note, figures)
        figures.votes_acknowledged += 1


def _note_answered(sending: Sending, outcome: Outcome, receipt: str | None, note: Note, figures: Figures) -> None:
    """Note an answer. Of the times that the vote was sent under its last id it is to one, nobody knows to which."""
    ended_s = time.perf_counter()
    first_s, *others_s = sending.tries_s
    _note_unanswered(sending, [first_s] * len(others_s), note)
    note(Attempt(sending.choices, outcome, first_s, ended_s, receipt))
    figures.vote_ack.add(ended_s - sending.since_s)
    figures.votes_answered += 1


def _note_unanswered(sending: Sending, tries_s: Iterable[float], note: Note) -> None:
    for sent_s in (*sending.doubts_s, *tries_s):
        note(Attempt(sending.choices, "unanswered", sent_s))
