"""Our votes for a second of processor time beside those of the peers, and what bounds both."""

from collections.abc import Sequence

from bench.findings import Finding
from bench.peers import running as peers
from bench.peers.running import PeerError
from bench.polls import limits
from bench.polls.backends import Backend
from bench.polls.growing import Slice
from bench.polls.votes import Crowd
from contracts.topics import VOTES, Topic

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


def of_peers(bootstrap: str, crowd: Crowd, records: int) -> dict[str, float]:
    """Return what each peer counts for a second of processor time. Raises PeerError for a wrong result."""
    found = {}
    for name, peer in PEERS.items():
        took = peers.run(peer, bootstrap, FEW.name, records, COMMIT_S)
        if sorted(took.counted.values()) != sorted(crowd.counted().values()):
            raise PeerError(f"{name} counted {took.counted}")
        found[name] = crowd.votes / took.cpu_s
    return found


def of_ours(backend: Backend, slices: Sequence[Slice], rounds: int, theirs: list[dict[str, float]]) -> list[Finding]:
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


def of_limits(bootstrap: str, crowd: Crowd, voters: int, rounds: int) -> list[Finding]:
    """Return what bounds the job: decoding the votes of `crowd`, and RocksDB with `voters`."""
    decoding = tuple(limits.decoding(bootstrap, FEW, crowd.votes) for _ in range(rounds))
    return [
        Finding("limit: a client that only decodes votes", UNIT, decoding),
        Finding(
            f"limit: RocksDB alone, {voters:,} voters, a look-up and a write each", UNIT, (limits.rocksdb(voters),)
        ),
    ]
