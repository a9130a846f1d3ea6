"""Where the state of a deployment can be, and the TaskManager that it then gets."""

from dataclasses import dataclass

from bench.batch.cluster import OF_ITS_OWN
from local.flink import Tuning

_ONE_SLOT = {"taskmanager.numberOfTaskSlots": "1"}
"""The cluster is for one deployment, which has all of the memory that there is for state."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A state backend. `options` go with the job, as `key=value`; the TaskManager takes `memory_mb`."""

    name: str
    memory_mb: int
    tuning: Tuning
    options: tuple[str, ...] = ()


BACKENDS = {
    "rocksdb": Backend("RocksDB", 5_000, Tuning(OF_ITS_OWN.java, _ONE_SLOT)),
    "heap": Backend(
        "the heap",
        12_000,
        Tuning(OF_ITS_OWN.java, {**_ONE_SLOT, "taskmanager.memory.managed.fraction": "0.1"}),
        ("state.backend.type=hashmap",),
    ),
}
