"""What is done for a crowd's calls: the same as `gateway.routes` does, on the same parts, without waiting anywhere."""

from functools import partial

import msgspec
import structlog

from gateway import problems
from gateway.auth import Viewer, bearer
from gateway.decoding import decode
from gateway.hot.call import Call
from gateway.hot.exchange import Exchange
from gateway.refusal import Refused
from gateway.routes.reactions import taps_decoder
from gateway.routes.votes import ballot_decoder
from gateway.services import Services
from gateway.votes.ballot_box import ReceiptAnswer

log = structlog.get_logger(__name__)


class Crowd:
    """Answers taps and votes."""

    def __init__(self, services: Services) -> None:
        self._tokens = services.tokens
        self._limits = services.limits
        self._clock = services.clock
        self._taps = services.taps
        self._ballots = services.ballots
        self._refusals = services.refusals

    def takes(self, call: Call) -> bool:
        """Return whether a call can be answered here; nothing has been done for it yet."""
        return call.poll_id is None or self._ballots.takes_at_once(call.stream_id, call.poll_id)

    def answer(self, call: Call, exchange: Exchange) -> None:
        """Answer a call, now or once Kafka has it. It fails as a route would: with a problem and without a trace."""
        try:
            self._limits.admit_address(call.host)
            viewer = self._tokens.read(bearer(call.authorization), call.stream_id, self._clock() / 1000)
            self._limits.admit_viewer(viewer)
            if call.poll_id is None:
                self._tap(viewer, call, exchange)
            else:
                self._vote(viewer, call.poll_id, call, exchange)
        except Refused as refused:
            self._refuse(call.stream_id, exchange, refused)
        except Exception as error:
            name = type(error).__name__
            log.error("request failed", stream_id=call.stream_id, request_id=exchange.request_id, error=name)
            exchange.refuse(Refused(problems.INTERNAL))

    def _tap(self, viewer: Viewer, call: Call, exchange: Exchange) -> None:
        taps = decode(call.body, taps_decoder)
        exchange.answer(msgspec.json.encode(self._taps.tap(viewer, taps.counts, taps.playback_ms)))

    def _vote(self, viewer: Viewer, poll_id: str, call: Call, exchange: Exchange) -> None:
        ballot = decode(call.body, ballot_decoder)
        self._ballots.cast(
            viewer,
            poll_id,
            ballot.choices,
            ballot.playback_ms,
            partial(self._voted, call.stream_id, exchange),
            host=call.host,
        )

    def _voted(self, stream_id: str, exchange: Exchange, outcome: ReceiptAnswer | Refused) -> None:
        if isinstance(outcome, Refused):
            self._refuse(stream_id, exchange, outcome)
        else:
            exchange.answer(msgspec.json.encode(outcome))

    def _refuse(self, stream_id: str, exchange: Exchange, refused: Refused) -> None:
        self._refusals.count(stream_id, refused.problem)
        exchange.refuse(refused)
