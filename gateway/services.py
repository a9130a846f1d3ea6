"""The parts of a running gateway and how they hang together."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Self

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection

from contracts import topics
from contracts.redis_cluster import aio
from contracts.traces import Traces
from gateway.auth import ApiKeys, Tokens, signing_secrets
from gateway.clock import Clock, now_ms
from gateway.control.keeper import Keeper
from gateway.control.poll_status import PollStatuses
from gateway.control.reader import ControlReader
from gateway.control.repair import Repair
from gateway.control.table import ControlTable
from gateway.control.upkeep import RedisUpkeep
from gateway.control.vote_lock import VoteLock
from gateway.control.writer import ControlWriter
from gateway.edge_name import EdgeName
from gateway.final.attempt import Attempt
from gateway.final.finaliser import Finaliser
from gateway.final.progress import VotesProgress
from gateway.final.recount import Ballots
from gateway.final.seals import Seals
from gateway.history.client import History
from gateway.history.exports import Exports
from gateway.history.lag import HistoryLag
from gateway.idempotency.once import OnceOnly
from gateway.kafka.admin import AdminThread
from gateway.kafka.producer import ProducerThread
from gateway.limits.limits import Limits
from gateway.live.expiry import Expiries
from gateway.live.hubs import LiveHubs
from gateway.reactions.aggregate import Aggregate
from gateway.reactions.flusher import Flusher
from gateway.reactions.reactors import ReactorSamples
from gateway.reactions.spread import Spread
from gateway.reactions.tap_counter import TapCounter
from gateway.receipts.sealing import Receipts
from gateway.refill.refill import Refill
from gateway.regions.pulse import Pulses
from gateway.resend.edges import Edges
from gateway.settings import Settings, split
from gateway.stats.refusals import Refusals
from gateway.tasks import ends, exit_within
from gateway.voter import VoterKeys
from gateway.votes.ballot_box import BallotBox
from gateway.votes.batcher import VoteBatcher
from gateway.votes.networks import NetworkShares

log = structlog.get_logger(__name__)

_REDIS_TIMEOUT_S = 1.0
_RECOUNT_TIMEOUT_S = 45.0
_ALMOST_THERE_S = 1.0
"""What a vote may wait for besides Kafka: its poll's lock, and its neighbours."""
_LEAVE_S = 12.0
"""How long a gateway that has handed over what it had may still take to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the routes work with. Built apart from starting, so that an application can be described without running."""

    settings: Settings
    edge_name: str
    """Of this life of the gateway: who comes back to the same edge after a restart meets one that remembers nothing."""
    clock: Clock
    api_keys: ApiKeys
    tokens: Tokens
    limits: Limits
    writes: OnceOnly
    table: ControlTable
    reader: ControlReader
    repair: Repair
    writer: ControlWriter
    keeper: Keeper
    redis: Redis
    vote_lock: VoteLock
    upkeep: RedisUpkeep
    refusals: Refusals
    taps: TapCounter
    ballots: BallotBox
    receipts: Receipts
    history: History
    patient_history: History
    """For what takes its time: recounts, lists of ballots and exports."""
    exports: Exports
    refill: Refill | None
    """None on an edge, which has no history to fill Redis from."""
    kafka: AdminThread
    history_lag: HistoryLag
    finaliser: Finaliser | None
    """None on an edge, which has no ballots to count again."""
    hubs: LiveHubs
    expiries: Expiries
    edges: Edges
    name: EdgeName
    pulses: Pulses
    flusher: Flusher
    traces: Traces | None
    tap_outbox: ProducerThread
    answered_outbox: ProducerThread
    """Writes what somebody waits for: votes, streams and polls."""

    @classmethod
    def build(cls, settings: Settings, clock: Clock = now_ms) -> Self:
        """Return the parts, wired and at rest."""
        place = {"region": settings.region, "edge": settings.edge}
        elsewhere = settings.other_regions
        table = ControlTable(clock, elsewhere)
        login = settings.kafka_login
        # Taps leave in bursts, a record per stream: a moment's wait makes one request of them. Votes come batched.
        tap_outbox = ProducerThread("ovation-taps", settings.kafka_bootstrap, linger_ms=2, login=login)
        answered_outbox = ProducerThread(
            "ovation-votes",
            settings.kafka_bootstrap,
            linger_ms=0,
            give_up_ms=settings.vote_deadline_ms,
            login=login,
        )
        redis_url = settings.redis_url.get_secret_value()
        hubs = LiveHubs(redis_url, table, clock, settings.edge)
        traces = Traces.to(settings.otlp_endpoint, "ovation-gateway", settings.trace_one_in)
        spread = Spread(lambda: tap_outbox.partitions(topics.REACTIONS.name), settings.hot_taps_per_s)
        flusher = Flusher(
            tap_outbox,
            Aggregate(settings.max_waiting),
            **place,
            flush_ms=settings.flush_ms,
            max_unacked=settings.max_unacked,
            left=hubs.taps_left,
            partition=spread.partition,
            traces=traces,
            clock=clock,
        )
        batcher = VoteBatcher(
            answered_outbox,
            **place,
            linger_ms=settings.vote_linger_ms,
            deadline_ms=settings.vote_deadline_ms,
            max_waiting=settings.max_waiting_votes,
        )
        limits = Limits(settings)
        repair = Repair(answered_outbox, table, settings.edge)
        reader = ControlReader(settings.kafka_bootstrap, table, repair, login, elsewhere)
        writer = ControlWriter(answered_outbox, table, clock, **place, deadline_s=settings.vote_deadline_ms / 1000)
        redis = aio.connect(redis_url, timeout_s=_REDIS_TIMEOUT_S)
        vote_lock = VoteLock(redis, table, clock, settings.vote_deadline_ms, has_regions=bool(elsewhere))
        secrets = signing_secrets(settings.token_secret.get_secret_value())
        voter_secret = settings.voter_secret.get_secret_value()
        voters = VoterKeys(voter_secret.encode(), table)
        receipts = Receipts(secrets, voters)
        networks = NetworkShares(settings.limit_network_voters, table)
        clickhouse = (
            settings.clickhouse_url,
            settings.clickhouse_user,
            settings.clickhouse_password.get_secret_value(),
        )
        history = History(*clickhouse)
        # Nobody waits for a recount, and a poll may be large.
        patient_history = History(*clickhouse, timeout_s=_RECOUNT_TIMEOUT_S)
        kafka = AdminThread(settings.kafka_bootstrap, login)
        ballots = Ballots(patient_history)
        seals = Seals(table, writer, ballots, settings.region, elsewhere) if elsewhere else None
        attempt = Attempt(redis, VotesProgress(kafka), ballots, writer, clock, settings.edge, table, seals)
        edge_name = f"{settings.edge}.{token_hex(4)}"
        is_edge = not settings.clickhouse_url
        history_lag = HistoryLag(kafka, clock)
        refill = Refill(
            redis,
            patient_history,
            table,
            clock,
            redis_answers=lambda: hubs.redis_answers,
            history_lag_s=history_lag.slowest,
        )
        return cls(
            settings=settings,
            edge_name=edge_name,
            clock=clock,
            api_keys=ApiKeys(split(settings.api_keys.get_secret_value()), table, clock),
            tokens=Tokens(secrets),
            limits=limits,
            writes=OnceOnly(settings.redis_url.get_secret_value(), voter_secret),
            table=table,
            reader=reader,
            repair=repair,
            writer=writer,
            keeper=Keeper(table, writer, clock),
            redis=redis,
            vote_lock=vote_lock,
            upkeep=RedisUpkeep(
                PollStatuses(redis),
                vote_lock,
                table,
                clock,
                edge=settings.edge,
                redis_is_up=lambda: hubs.redis_is_up,
            ),
            refusals=Refusals(table, clock),
            taps=TapCounter(table, flusher, ReactorSamples(voter_secret.encode()), limits, clock),
            ballots=BallotBox(table, batcher, clock, voters, receipts, vote_lock, networks, lambda: reader.is_current),
            receipts=receipts,
            history=history,
            patient_history=patient_history,
            exports=Exports(patient_history, secrets),
            refill=None if is_edge else refill,
            kafka=kafka,
            history_lag=history_lag,
            finaliser=None if is_edge else Finaliser(table, attempt, clock, settings.vote_deadline_ms),
            hubs=hubs,
            expiries=Expiries(clock),
            edges=Edges(redis, redis_url, voter_secret, edge_name, settings.vote_deadline_ms / 1000 + _ALMOST_THERE_S),
            name=EdgeName(redis, settings.edge, edge_name),
            pulses=Pulses(
                answered_outbox, redis, table, clock, region=settings.region, edge=settings.edge, others=elsewhere
            ),
            flusher=flusher,
            traces=traces,
            tap_outbox=tap_outbox,
            answered_outbox=answered_outbox,
        )

    def start(self) -> None:
        """Start every part. None of them waits for Kafka or Redis to be there."""
        self.tap_outbox.start()
        self.answered_outbox.start()
        self.reader.start()
        self.hubs.start()
        self.expiries.start()
        self.edges.start()
        self.name.start()
        self.pulses.start()
        self.upkeep.start()
        if self.refill is not None:
            self.refill.start()
        self.history_lag.start()
        log.info("gateway started", region=self.settings.region, edge=self.settings.edge)

    async def stop(self) -> None:
        """Hand over what waits, then stop. The server has answered its last request by now."""
        left = await self.flusher.drain(self.settings.drain_s)
        exit_within(_LEAVE_S)
        self.keeper.close()
        self.repair.close()
        if self.finaliser is not None:
            await ends("finaliser", self.finaliser.close())
        await ends("history lag", self.history_lag.close())
        await ends("kafka admin", self.kafka.close())
        await ends("redis upkeep", self.upkeep.close())
        if self.refill is not None:
            await ends("refill", self.refill.close())
        await ends("hubs", self.hubs.close())
        await ends("expiries", self.expiries.close())
        await ends("edges", self.edges.close())
        await ends("edge name", self.name.close())
        await ends("pulses", self.pulses.close())
        await ends("history", self.history.close())
        await ends("patient history", self.patient_history.close())
        with suppress(RedisError, OSError):
            await ends("idempotency keys", self.writes.close())
        await ends("redis", self.redis.aclose())
        await ends("control reader", self.reader.close())
        await ends("taps to kafka", self.tap_outbox.close())
        await ends("votes to kafka", self.answered_outbox.close())
        if self.traces is not None:
            await ends("traces", asyncio.to_thread(self.traces.close))
        log.info("gateway stopped", taps_left=left)


def services_of(connection: HTTPConnection) -> Services:
    """Return the services of the application that serves this request or socket."""
    services: Services = connection.app.state.services
    return services
