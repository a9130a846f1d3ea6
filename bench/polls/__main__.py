"""What the poll job counts for a second of processor time with millions of voters in its state, and what others do.

A topic is filled with the votes of a crowd as gateways write them. The live deployment counts them on a standalone
Flink with the checkpoints of `flink-conf/`, once with its state in RocksDB and once on the heap. Quix Streams and
Bytewax give one ballot to each voter of a smaller crowd: they only become slower as their state grows.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bench.batch import topic
from bench.batch.cluster import broker, cluster
from bench.batch.run import RunError
from bench.findings import Curve, Finding, Findings, lines
from bench.peers import running as peers
from bench.peers.running import PeerError
from bench.polls.backends import BACKENDS, Backend
from bench.polls.growing import Slice, grow
from bench.polls.votes import Crowd
from contracts.topics import VOTES, Topic
from local.errors import StackError
from local.settings import StackSettings
from ovation.errors import OvationError
from ovation.terminal import err, failures, out

PEERS: dict[str, peers.Peer] = {
    "Quix Streams, a voter a key of its state": "quix_polls",
    "Quix Streams, grouped by voter": "quix_polls_by_key",
    "Bytewax": "bytewax_polls",
}
FEW = Topic("votes-few", VOTES.partitions)
COMMIT_S = 10.0
"""How often a peer's state is made safe: as often as the job's (`flink-conf/config.yaml`)."""
LEAST = 80_000
UNIT = "votes/s a core"


def _peers(settings: StackSettings, crowd: Crowd, records: int) -> dict[str, float]:
    """Return what each peer counts for a second of processor time. Raises PeerError for a wrong result."""
    found = {}
    for name, peer in PEERS.items():
        took = peers.run(peer, settings.kafka_bootstrap, FEW.name, records, COMMIT_S)
        if sorted(took.counted.values()) != sorted(crowd.counted().values()):
            raise PeerError(f"{name} counted {took.counted}")
        found[name] = crowd.votes / took.cpu_s
    return found


def _of_ours(backend: Backend, slices: Sequence[Slice], rounds: int, theirs: list[dict[str, float]]) -> list[Finding]:
    """Return the findings of one backend: of the last slices, when nearly all voters are in the state."""
    last = slices[-rounds:]
    ours = tuple(each.per_core for each in last)
    what = f"poll job, state in {backend.name}"

    def share(of: str) -> tuple[float, ...]:
        """Return the microseconds of a vote in a part of the TaskManager and its workers."""
        return tuple(getattr(each.used, of) / each.votes * 1e6 for each in last)

    whole = sum(each.votes for each in slices) / sum(each.used.all for each in slices)
    return [
        Finding(what, UNIT, ours, reach=LEAST),
        *(
            Finding(what, UNIT, ours, name, tuple(each[name] for each in theirs), reach=5)
            for name in (PEERS if theirs else ())
        ),
        Finding(f"{what}, from the first voter on, the JVM's warming up included", UNIT, (whole,)),
        Finding(f"{what}: by the clock", "votes/s", tuple(each.votes / each.wall_s for each in last)),
        Finding(f"{what}: of a vote, the JVM", "µs", share("jvm")),
        Finding("… of it compiling", "µs", share("jit")),
        Finding("… of it collecting garbage", "µs", share("gc")),
        Finding(f"{what}: of a vote, Python workers", "µs", share("python")),
    ]


def main(
    voters: Annotated[int, typer.Option(min=1_000)] = 10_000_000,
    peer_voters: Annotated[int, typer.Option(min=0, help="Voters that the peers count; 0 leaves them out.")] = 200_000,
    slices: Annotated[int, typer.Option(min=1, help="Parts in which the votes are looked at.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Slices at the end that are compared, and runs of a peer.")] = 3,
    backends: Annotated[str, typer.Option(help="Where the state is.")] = "rocksdb,heap",
    short: Annotated[bool, typer.Option(help="A minute that shows that all of it works, and says nothing.")] = False,
    profiles: Annotated[Path | None, typer.Option(help="Folder for JFR recordings of the last slices.")] = None,
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
    with (
        failures(OvationError, StackError, RunError, PeerError),
        tempfile.TemporaryDirectory() as folder,
        broker(Path(folder)) as settings,
    ):
        topic.fill(settings.kafka_bootstrap, VOTES.name, _records(crowd))
        if peer_voters and peers.is_installed():
            topic.create(settings.kafka_bootstrap, FEW)
            records = topic.fill(settings.kafka_bootstrap, FEW.name, _records(few))
            theirs = [_peers(settings, few, records) for _ in range(rounds)]
        for key in backends.split(","):
            backend = BACKENDS[key]
            err.print(f"{crowd.votes:,} votes, state in {backend.name}", markup=False)
            profile = profiles / f"polls-{key}.jfr" if profiles else None
            with cluster(settings, backend.tuning, backend.memory_mb) as standalone:
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
        tuple(each for key, found in grown.items() for each in _of_ours(BACKENDS[key], found, rounds, theirs)),
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
    if save:
        result.save()
    out.print("\n".join(lines(result)), markup=False)


def _records(crowd: Crowd) -> Iterator[topic.Record]:
    """Return the crowd's records as a topic is filled with them."""
    return ((partition, None, value) for partition, value in crowd.records(VOTES.partitions))


if __name__ == "__main__":
    typer.run(main)
