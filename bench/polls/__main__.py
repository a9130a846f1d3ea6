"""What the poll job counts for a second of processor time with millions of voters in its state, and what others do.

A topic is filled with the votes of a crowd as gateways write them. The live deployment counts them on a standalone
Flink with the checkpoints of `flink-conf/`, once with its state in RocksDB and once on the heap. Quix Streams and
Bytewax give one ballot to each voter of a smaller crowd: they only become slower as their state grows.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bench.batch import topic
from bench.batch.cluster import SOON_READY, broker, cluster
from bench.batch.run import RunError
from bench.findings import Curve, Finding, Findings, publish
from bench.peers import running as peers
from bench.peers.running import PeerError
from bench.polls.backends import BACKENDS
from bench.polls.found import FEW, UNIT, of_limits, of_ours, of_peers
from bench.polls.growing import Slice, grow
from bench.polls.votes import Crowd
from contracts.topics import VOTES
from local.errors import StackError
from ovation.errors import OvationError
from ovation.terminal import err, failures

ROCKSDB_VOTERS = 2_000_000
"""With how many RocksDB is tried by itself: enough that its files are merged."""


def main(
    voters: Annotated[int, typer.Option(min=1_000)] = 10_000_000,
    peer_voters: Annotated[int, typer.Option(min=0, help="Voters that the peers count; 0 leaves them out.")] = 100_000,
    slices: Annotated[int, typer.Option(min=1, help="Parts in which the votes are looked at.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Slices at the end that are compared, and runs of a peer.")] = 3,
    backends: Annotated[str, typer.Option(help="Where the state is.")] = "rocksdb,heap",
    short: Annotated[bool, typer.Option(help="A minute that shows that all of it works, and says nothing.")] = False,
    profiles: Annotated[Path | None, typer.Option(help="Folder for JFR recordings of the slice in the middle.")] = None,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Count a crowd of voters with the poll job, its state in RocksDB and on the heap, and with others.

    Example: python -m bench.polls --voters 1000000 --backends rocksdb --no-save
    """
    if short:
        voters, peer_voters, slices, rounds, save = 20_000, 1_000, 2, 1, False
    crowd, few = Crowd(voters), Crowd(peer_voters)
    grown: dict[str, list[Slice]] = {}
    theirs: list[dict[str, float]] = []
    bounds: list[Finding] = []
    with (
        failures(OvationError, StackError, RunError, PeerError),
        tempfile.TemporaryDirectory() as folder,
        broker(Path(folder)) as settings,
    ):
        topic.fill(settings.kafka_bootstrap, VOTES.name, _records(crowd))
        if peer_voters and peers.is_installed():
            topic.create(settings.kafka_bootstrap, FEW)
            records = topic.fill(settings.kafka_bootstrap, FEW.name, _records(few))
            theirs = [of_peers(settings.kafka_bootstrap, few, records) for _ in range(rounds)]
            bounds = of_limits(settings.kafka_bootstrap, few, min(voters, ROCKSDB_VOTERS), rounds)
        for key in backends.split(","):
            backend = BACKENDS[key]
            err.print(f"{crowd.votes:,} votes, state in {backend.name}", markup=False)
            profile = profiles / f"polls-{key}.jfr" if profiles else None
            tuning = replace(backend.tuning, java=SOON_READY.java) if short else backend.tuning
            with cluster(settings, tuning, backend.memory_mb) as standalone:
                grown[key] = grow(standalone, crowd, slices, options=backend.options, profile=profile)
    result = Findings(
        "polls",
        "Counting votes",
        "make bench-polls",
        (
            f"{crowd.votes:,} votes of {voters:,} voters of one poll, in records of {crowd.votes_per_record}. What "
            f"counts are the last {rounds} of {slices} parts of them. Peers: {rounds} runs over {few.voters:,} voters.",
            "A core is a second of processor time of the TaskManager and its Python workers, or of a peer. Broker, "
            "stores and JobManager are beside it. The start of a job is left out, compiling is not.",
            "Deployment for screens, parallelism 1, a checkpoint every 10 s, written to Redis every 20 ms; peers count "
            "for nobody. The TaskManager takes "
            + " and ".join(f"{BACKENDS[key].memory_mb:,} MB with {BACKENDS[key].name}" for key in grown)
            + ".",
        ),
        (
            *(each for key, found in grown.items() for each in of_ours(BACKENDS[key], found, rounds, theirs)),
            *bounds,
        ),
        (
            Curve(
                "Votes for a second of processor time as voters gather in the state",
                "million votes received",
                UNIT,
                tuple(crowd.votes * part / slices / 1e6 for part in range(1, slices + 1)),
                {BACKENDS[key].name: tuple(each.per_core for each in found) for key, found in grown.items()},
            ),
        ),
    )
    publish(result, save=save)


def _records(crowd: Crowd) -> Iterator[topic.Record]:
    """Return the crowd's records as a topic is filled with them."""
    return ((partition, None, value) for partition, value in crowd.records(VOTES.partitions))


if __name__ == "__main__":
    typer.run(main)
