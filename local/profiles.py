"""Sizes of the embedded stack: what it takes by default, and what `--small` takes instead.

A size changes memory and how soon a screen moves again after a crash, never what is counted: checkpoints, high
availability and the stores' promises are the same.
"""

from typing import Any

SMALL: dict[str, Any] = {
    "memory_mb": 1_650,
    "kafka_heap_mb": 112,
    "flink_jobmanager_mb": 304,
    "flink_taskmanager_mb": 512,
    # A second one costs some 400 MB. Without it a killed one costs the screens the start of a JVM.
    "flink_taskmanagers": 1,
    "flink_options": {
        # Flink keeps much more room beside the heap than jobs of this kind use: class metadata, buffers, overhead.
        "jobmanager.memory.off-heap.size": "32m",
        "jobmanager.memory.jvm-metaspace.size": "128m",
        "jobmanager.memory.jvm-overhead.min": "32m",
        "taskmanager.memory.framework.heap.size": "64m",
        "taskmanager.memory.framework.off-heap.size": "32m",
        "taskmanager.memory.network.min": "16m",
        "taskmanager.memory.network.max": "16m",
        "taskmanager.memory.jvm-metaspace.size": "160m",
        "taskmanager.memory.jvm-overhead.min": "64m",
        "taskmanager.memory.managed.size": "32m",
        # One cache for the state of all slots: a share for each of eight would be too small to hold a block.
        "state.backend.rocksdb.memory.fixed-per-tm": "64m",
    },
    # The collector that keeps no tables beside the heap, with little room for what is soon gone, all of which it uses
    # in turn; and the compiler that keeps the least code.
    "java_options": "-XX:+UseSerialGC -XX:NewRatio=5 -XX:TieredStopAtLevel=1",
    # Threads that allocate would otherwise get arenas of their own, each with what it once took.
    "malloc_arenas": 1,
    "clickhouse_memory_mb": 400,
}
"""For an event of up to 500 viewers on a machine of 2 GB (docs/small.md has what each part takes of it)."""
