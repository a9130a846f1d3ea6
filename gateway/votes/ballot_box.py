"""The one way by which a vote is taken, whether it came by HTTP or by socket."""

from contracts import events
from gateway.auth import Viewer, participant
from gateway.clock import Clock
from gateway.control.table import ControlTable
from gateway.receipts import Receipts
from gateway.voter import voter
from gateway.votes.admission import check_choices, check_open
from gateway.votes.batcher import VoteBatcher


class BallotBox:
    """Checks votes, hides who cast them, and has them written."""

    def __init__(self, table: ControlTable, batcher: VoteBatcher, clock: Clock, voter_secret: str) -> None:
        self._table = table
        self._batcher = batcher
        self._clock = clock
        self._voter_secret = voter_secret.encode()
        self._receipts = Receipts()

    async def vote(self, viewer: Viewer, poll_id: str, choices: list[str]) -> str:
        """Return the receipt once the vote is durable. Raises Refused, and then nothing was taken unless it says so."""
        participant(viewer)
        stream = self._table.live_stream(viewer.stream_id)
        poll = self._table.poll(stream.stream_id, poll_id)
        now_ms = self._clock()
        check_open(poll, now_ms)
        bits = check_choices(poll, choices)
        vote: events.Vote = {
            "stream_id": stream.stream_id,
            "poll_id": poll.poll_id,
            "voter": voter(self._voter_secret, stream.stream_id, poll.poll_id, viewer.viewer_id),
            "receipt": self._receipts.new(now_ms),
            "at": now_ms,
            "choices": bits,
            "options": len(poll.options),
            "allow_change": poll.allow_change,
            "closes_at": poll.closes_at,
        }
        await self._batcher.write(vote)
        return vote["receipt"]
