"""What the reaction job counts for a second of processor time, and what others do: `python -m bench.reactions --help`.

A topic is filled with the taps of an evening as gateways write them. Both deployments run over it, one after the other,
on a standalone Flink with the checkpoints of `flink-conf/`; by turns with them, over the same topic, a loop written by
hand. All have to leave the same numbers in the same stores. Quix Streams and Bytewax count a shorter evening like it.
"""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench.batch import topic
from bench.batch.cluster import OF_ITS_OWN, SOON_READY, broker, cluster
from bench.batch.reaction_round import Loop, Round, one_round
from bench.batch.run import RunError
from bench.batch.taps import Evening
from bench.findings import Finding, Findings, publish
from bench.peers import running as peers
from bench.peers.running import PeerError
from contracts.topics import REACTIONS, Topic
from local.errors import StackError
from local.settings import StackSettings
from ovation.errors import OvationError
from ovation.terminal import err, failures

PEERS: dict[str, peers.Peer] = {"Quix Streams": "quix_reactions", "Bytewax": "bytewax_reactions"}
FEW = Topic("reactions-few", REACTIONS.partitions)
VIRAL = 10
"""Streams of an evening when a few are tapped by all the world."""
WARM = 1 / 3
COMMIT_S = 10.0
"""How often a peer's state is made safe: as often as the job's (`flink-conf/config.yaml`)."""
UNIT = "records/s a core"
WHAT: dict[Loop, str] = {
    "redis": "the loop that writes to Redis",
    "both": "the loop that writes to both stores",
    "windows": "the loop that writes nothing",
}


def _peers(settings: StackSettings, evening: Evening) -> dict[str, float]:
    """Return the records that each peer counts for a second of processor time."""
    per_core = {}
    for name, peer in PEERS.items():
        took = peers.run(peer, settings.kafka_bootstrap, FEW.name, evening.records, COMMIT_S)
        if sum(took.counted.values()) != evening.taps():
            raise RunError(f"{name} has counted {sum(took.counted.values()):,} of {evening.taps():,} taps")
        per_core[name] = evening.records / took.cpu_s
    return per_core


def found(rounds: list[Round], theirs: list[dict[str, float]]) -> list[Finding]:
    """Return the findings of some rounds of ours, the loop's, and the peers'."""
    live = tuple(each.live_per_core for each in rounds)
    both = tuple(each.both_per_core for each in rounds)

    def loop(writes: Loop) -> tuple[float, ...]:
        return tuple(each.loops[writes] for each in rounds)

    def seconds(of: str) -> tuple[float, ...]:
        """Return microseconds of a record in a part of both deployments."""
        return tuple(1e6 * (each.seconds_of(each.live, of) + each.seconds_of(each.history, of)) for each in rounds)

    both_what, live_what = "reaction job, both sinks", "reaction job, live alone"
    ours = [
        Finding(both_what, UNIT, both, WHAT["both"], loop("both"), 1.0),
        Finding(live_what, UNIT, live, WHAT["redis"], loop("redis"), 1.5),
        Finding(both_what, UNIT, both, WHAT["redis"], loop("redis")),
        Finding(both_what, UNIT, both, WHAT["windows"], loop("windows")),
        Finding(live_what, UNIT, live, WHAT["windows"], loop("windows")),
        *(
            Finding(what, UNIT, ours, name, tuple(each[name] for each in theirs), 5.0)
            for name in (PEERS if theirs else ())
            for what, ours in ((both_what, both), (live_what, live))
        ),
    ]
    return [
        *ours,
        Finding("of a record, both sinks: the JVM", "µs", seconds("jvm")),
        Finding("… of it compiling", "µs", seconds("jit")),
        Finding("… of it collecting garbage", "µs", seconds("gc")),
        Finding("of a record, both sinks: Python workers", "µs", seconds("python")),
        Finding("limit: a client that only takes records", UNIT, loop("nothing")),
    ]


def main(
    records: Annotated[int, typer.Option(min=1_000)] = 2_000_000,
    streams: Annotated[int, typer.Option(min=1)] = VIRAL,
    peer_records: Annotated[
        int, typer.Option(min=0, help="Records that the peers count; 0 leaves them out.")
    ] = 100_000,
    live_batch_ms: Annotated[int, typer.Option(min=1, help="How long taps gather before they are shown.")] = 20,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    short: Annotated[bool, typer.Option(help="A minute that shows that all of it works, and says nothing.")] = False,
    profiles: Annotated[Path | None, typer.Option(help="Folder for JFR recordings of the last round.")] = None,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Count an evening of taps with the reaction job, with a loop written by hand, and with others.

    Example: python -m bench.reactions --rounds 1 --records 1000000 --no-save
    """
    warm = WARM
    if short:
        records, streams, peer_records, rounds, warm, save = 20_000, 100, 2_000, 1, 0.0, False
    evening, few = Evening(records, streams), Evening(peer_records, streams)
    done: list[Round] = []
    theirs: list[dict[str, float]] = []
    with (
        failures(OvationError, StackError, RunError, PeerError),
        tempfile.TemporaryDirectory() as folder,
        broker(Path(folder)) as settings,
    ):
        topic.fill(settings.kafka_bootstrap, REACTIONS.name, evening.all())
        with_peers = peer_records > 0 and peers.is_installed()
        if with_peers:
            topic.create(settings.kafka_bootstrap, FEW)
            topic.fill(settings.kafka_bootstrap, FEW.name, few.all())
        with cluster(settings, SOON_READY if short else OF_ITS_OWN) as standalone:
            for turn in range(rounds):
                err.print(f"Round {turn + 1} of {rounds}: {records:,} records", markup=False)
                wanted = profiles if turn == rounds - 1 else None
                done.append(one_round(standalone, evening, live_batch_ms, warm, wanted))
                if with_peers:
                    theirs.append(_peers(settings, few))
    result = Findings(
        "reactions" if streams == VIRAL else f"reactions_{streams}",
        f"Counting taps of {streams:,} streams",
        "make bench-reactions",
        (
            f"{records:,} records of {streams:,} streams as two gateways write them in {evening.seconds:.0f} s: "
            f"{evening.emojis} emojis each, one in {evening.reactors_in} with three reactors; {rounds} rounds.",
            "A core is a second of processor time of the TaskManager and its Python workers, of the loop or of a peer. "
            f"Broker, stores and JobManager are beside it. The first {warm:.0%} of the records are left out of a job's "
            "figures, while it starts and is compiled; of the loop's and the peers' nothing is.",
            f"Parallelism 1, RocksDB, a checkpoint every 10 s; screens wait {live_batch_ms} ms, history a second. "
            f"The loop writes as often, and checks nothing and keeps nothing. Peers count windows for nobody.",
        ),
        tuple(found(done, theirs)),
    )
    publish(result, save=save)


if __name__ == "__main__":
    typer.run(main)
