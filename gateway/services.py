"""The parts of a running gateway and how they hang together."""

from dataclasses import dataclass
from typing import Self, TypeVar

import structlog
from starlette.requests import HTTPConnection

from gateway.auth import ApiKeys, Tokens
from gateway.clock import Clock, now_ms
from gateway.control.model import Poll, Stream
from gateway.control.reader import ControlReader
from gateway.control.table import ControlTable
from gateway.control.writer import ControlWriter
from gateway.kafka.producer import ProducerThread
from gateway.live.hubs import LiveHubs
from gateway.reactions.aggregate import Aggregate
from gateway.reactions.flusher import Flusher
from gateway.reactions.tap_counter import TapCounter
from gateway.settings import Settings, split
from gateway.votes.ballot_box import BallotBox
from gateway.votes.batcher import VoteBatcher

R = TypeVar("R", Stream, Poll)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the routes work with. Built apart from starting, so that an application can be described without running."""

    settings: Settings
    clock: Clock
    api_keys: ApiKeys
    tokens: Tokens
    table: ControlTable
    reader: ControlReader
    writer: ControlWriter
    taps: TapCounter
    ballots: BallotBox
    hubs: LiveHubs
    flusher: Flusher
    tap_outbox: ProducerThread
    answered_outbox: ProducerThread
    """Writes what somebody waits for: votes, streams and polls."""

    @classmethod
    def build(cls, settings: Settings, clock: Clock = now_ms) -> Self:
        """Return the parts, wired and at rest."""
        place = {"region": settings.region, "edge": settings.edge}
        table = ControlTable(clock)
        # Taps leave in bursts, a record per stream: a moment's wait makes one request of them. Votes come batched.
        tap_outbox = ProducerThread("ovation-taps", settings.kafka_bootstrap, linger_ms=2)
        answered_outbox = ProducerThread(
            "ovation-votes", settings.kafka_bootstrap, linger_ms=0, give_up_ms=settings.vote_deadline_ms
        )
        flusher = Flusher(
            tap_outbox,
            Aggregate(settings.max_waiting),
            clock,
            **place,
            flush_ms=settings.flush_ms,
            max_unacked=settings.max_unacked,
        )
        batcher = VoteBatcher(
            answered_outbox,
            **place,
            linger_ms=settings.vote_linger_ms,
            deadline_ms=settings.vote_deadline_ms,
            max_waiting=settings.max_waiting_votes,
        )
        return cls(
            settings=settings,
            clock=clock,
            api_keys=ApiKeys(split(settings.api_keys.get_secret_value())),
            tokens=Tokens(settings.token_secret.get_secret_value()),
            table=table,
            reader=ControlReader(settings.kafka_bootstrap, table),
            writer=ControlWriter(answered_outbox, table, settings.vote_deadline_ms / 1000),
            taps=TapCounter(table, flusher),
            ballots=BallotBox(table, batcher, clock, settings.voter_secret.get_secret_value()),
            hubs=LiveHubs(settings.redis_url.get_secret_value(), table, clock, settings.push_ms),
            flusher=flusher,
            tap_outbox=tap_outbox,
            answered_outbox=answered_outbox,
        )

    async def change(self, before: R | None, after: R) -> R:
        """Write a stream or poll if it differs from what it was; return it. Raises Refused as `ControlWriter.write`."""
        if after != before:
            await self.writer.write(after)
            if isinstance(after, Poll):
                await self.hubs.write_status(after)
        return after

    def start(self) -> None:
        """Start every part. None of them waits for Kafka or Redis to be there."""
        self.tap_outbox.start()
        self.answered_outbox.start()
        self.reader.start()
        self.hubs.start()
        log.info("gateway started", region=self.settings.region, edge=self.settings.edge)

    async def stop(self) -> None:
        """Hand over what waits, then stop. The server has answered its last request by now."""
        left = await self.flusher.drain(self.settings.drain_s)
        await self.hubs.close()
        await self.reader.close()
        await self.tap_outbox.close()
        await self.answered_outbox.close()
        log.info("gateway stopped", taps_left=left)


def services_of(connection: HTTPConnection) -> Services:
    """Return the services of the application that serves this request or socket."""
    services: Services = connection.app.state.services
    return services
