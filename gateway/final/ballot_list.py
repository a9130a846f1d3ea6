"""The published list of a final poll's ballots (contracts.ballots), as a stream of constant size in memory."""

from collections.abc import AsyncGenerator

import msgspec
import structlog

from contracts.ballots import Digest, Header
from gateway.control.model import Poll
from gateway.final.recount import Ballots

log = structlog.get_logger(__name__)


class AnotherList(Exception):  # noqa: N818 - it is what happened to the list
    """The ballots are not those whose digest the first line says. The stream must not end as if it were whole."""


async def ballot_list(poll: Poll, ballots: Ballots) -> AsyncGenerator[bytes, None]:
    """Go through the list of a final poll, the first line first.

    Raises Refused when ClickHouse does not begin, and then before anything else, or does not go on; and AnotherList at
    the end.
    """
    assert poll.result is not None
    lines = ballots.lines(poll.stream_id, poll.poll_id)
    digest = Digest()
    part = await anext(lines, b"")
    yield header(poll)
    while part:
        digest.add(part)
        yield part
        part = await anext(lines, b"")
    if str(digest) != poll.result.digest:
        log.error(
            "the ballots of a final poll are not those that were counted",
            stream_id=poll.stream_id,
            poll_id=poll.poll_id,
            counted=poll.result.digest,
            found=str(digest),
        )
        raise AnotherList


def header(poll: Poll) -> bytes:
    """Return the first line of a final poll's list."""
    result = msgspec.to_builtins(poll.result)
    digest = result.pop("digest")
    first: Header = {
        "stream_id": poll.stream_id,
        "poll_id": poll.poll_id,
        "question": poll.question,
        "options": [{"id": option.id, "text": option.text} for option in poll.options],
        "max_choices": poll.max_choices,
        "result": result,
        "digest": digest,
        "ballots": result["voters"],
    }
    if poll.correct:
        first["correct"] = list(poll.correct)
    return msgspec.json.encode(first) + b"\n"
