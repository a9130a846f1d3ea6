"""What a mirror between two regions takes for each record, and how late it brings it: `python -m bench.mirror --help`.

Two brokers and the mirror of one of them, and nothing else. Records are written to the one at a steady pace, as its
gateways would, and read from their copy as jobs do: what is committed.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from confluent_kafka import Consumer, Producer, TopicPartition

from bench.batch.usage import usage
from bench.edge.producer import RECORD_BYTES
from bench.findings import Finding, Findings, publish
from contracts import regions, topics
from gateway.kafka.config import producer_config
from local import kafka, mirror
from local.errors import StackError
from local.processes import descendants
from local.regions import settings_of, share_secrets
from local.running import running
from local.settings import StackSettings
from ovation.audience.latencies import Latencies
from ovation.errors import OvationError
from ovation.terminal import err, failures
from ovation.topics import create_topics

HERE, THERE = "eu", "us"
TICK_S = 0.005
WARM_UP_S = 10.0
COPIED_S = 60.0
"""A record that has not come by then will not."""


@dataclass(frozen=True, slots=True)
class Paced:
    """What came of one pace. Cores are those that were busy, compiling left out: it goes on for minutes."""

    records: int
    mirror_cores: float
    broker_cores: float
    """Of the broker that the copies are written to."""
    delays: Latencies


class Copying:
    """Writes records there, reads their copies here, and looks at what the processes between took."""

    def __init__(self, here: StackSettings, there: StackSettings, mirror_pid: int, broker_pid: int) -> None:
        self._mirror, self._broker = mirror_pid, broker_pid
        self._producer = Producer(producer_config("bench-mirror", there.kafka_bootstrap, 5, None))
        self._consumer = Consumer(
            {
                "bootstrap.servers": here.kafka_bootstrap,
                "group.id": "bench-mirror",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
            }
        )
        copied = regions.mirrored(topics.VOTES, THERE)
        self._consumer.assign([TopicPartition(copied.name, number, 0) for number in range(copied.partitions)])

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()

    def run(self, per_s: float, seconds: float) -> Paced:
        """Write `per_s` records a second and return what it took until all copies had come.

        Raises OvationError where one does not come.
        """
        wanted, written, come, delays = round(per_s * seconds), 0, 0, Latencies()
        began, mirror_s, broker_s = time.monotonic(), self._mirror_s(), _work_s(self._broker)
        while come < wanted or time.monotonic() < began + seconds:
            passed = time.monotonic() - began
            if passed > seconds + COPIED_S:
                raise OvationError(f"{come} of {wanted} records were copied within {passed:.0f} s.")
            due = min(wanted, round(per_s * passed))
            for _ in range(due - written):
                self._producer.produce(topics.VOTES.name, b"v" * RECORD_BYTES)
            written = due
            self._producer.poll(0)
            for message in self._consumer.consume(1_000, TICK_S):
                if message.error():
                    raise OvationError(f"The copy cannot be read: {message.error()}")
                come += 1
                # A copy has the time at which the record was written.
                delays.add(max(0.0, time.time() - message.timestamp()[1] / 1_000))
        lasted = time.monotonic() - began
        of_mirror, of_broker = self._mirror_s() - mirror_s, _work_s(self._broker) - broker_s
        return Paced(come, of_mirror / lasted, of_broker / lasted, delays)

    def _mirror_s(self) -> float:
        return sum(map(_work_s, {self._mirror, *descendants(self._mirror)}))


def _work_s(pid: int) -> float:
    """Return the seconds of processor time of a process but for its compilers."""
    used = usage(pid)
    return used.jvm - used.jit


@contextmanager
def copying(folder: Path) -> Iterator[Copying]:
    """Run two brokers, and the mirror of the first."""
    here, there = settings_of([HERE, THERE], folder, ephemeral_ports=True)
    share_secrets([here, there])
    with running(kafka.part(here), here) as broker, running(kafka.part(there), there):
        for each in (here, there):
            create_topics(each.kafka_bootstrap, others=tuple(each.neighbours))
        with running(mirror.part(here), here) as process:
            found = Copying(here, there, process.pid, broker.pid)
            try:
                yield found
            finally:
                found.close()


def main(
    few: Annotated[float, typer.Option(min=1, max=50_000, help="Records a second …")] = 500,
    many: Annotated[float, typer.Option(min=1, max=50_000, help="… and once more so many.")] = 10_000,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each pace in each round.")] = 20,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    short: Annotated[bool, typer.Option("--short", help="One round of a second, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Let a mirror copy few records a second and many, and print what it takes and how late they come.

    Example: python -m bench.mirror --rounds 1 --no-save
    """
    if few >= many:
        raise typer.BadParameter("--many is more than --few: a line is drawn through both.")
    if short:
        seconds, rounds, save = 1, 1, False
    done: dict[float, list[Paced]] = {0: [], few: [], many: []}
    with failures(OvationError, StackError), tempfile.TemporaryDirectory() as folder, copying(Path(folder)) as copies:
        err.print("Warming up", markup=False)
        copies.run(many, 1 if short else WARM_UP_S)
        for number in range(rounds):
            err.print(f"Round {number + 1} of {rounds}", markup=False)
            for per_s, paces in done.items():
                paces.append(copies.run(per_s, seconds))
    publish(findings(done, seconds), save=save)


def findings(done: Mapping[float, Sequence[Paced]], seconds: float) -> Findings:
    """Return what came of each pace: of none, of few records a second, and of many."""
    none, few, many = done
    names = {none: "no records", few: "few records", many: "many records"}

    def cores(what: str, of: Callable[[Paced], float]) -> Iterator[Finding]:
        return (Finding(f"{names[per_s]}: {what}", "cores", tuple(map(of, done[per_s]))) for per_s in done)

    def late(per_s: float, share: float) -> Finding:
        found = tuple(each.delays.percentile(share) or 0.0 for each in done[per_s])
        return Finding(f"{names[per_s]}: from a record to its copy, p{share * 100:.0f}", "ms", found)

    return Findings(
        "mirror",
        "The mirror between two regions",
        "make bench-mirror",
        (
            f"Two brokers and the mirror of one, on one machine. Records of {RECORD_BYTES} bytes are written to the "
            f"other, and their copies read as jobs do: {few:,.0f} a second are few, {many:,.0f} are many.",
            f"{len(done[none])} rounds of {seconds:.0f} s of each. Cores are those that are busy, compiling left out.",
        ),
        (
            *(Finding(f"{names[each]}, by the second", "/s", (each,)) for each in (few, many)),
            *cores("the mirror", lambda each: each.mirror_cores),
            *cores("the broker that it writes to", lambda each: each.broker_cores),
            *(late(each, share) for each in (few, many) for share in (0.5, 0.99)),
        ),
    )


if __name__ == "__main__":
    typer.run(main)
