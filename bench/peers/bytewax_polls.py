"""One ballot per stream, poll and voter, the first, and votes by option, with Bytewax.

A voter is a key, whose state is its ballot. The state is in memory, with snapshots of what changed in SQLite after each
epoch.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import bytewax.operators as op
import orjson
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from bench.peers.meter import Meter, arguments
from contracts.choices import unpack

Votes = tuple[str, int]


class Tally(StatefulBatchLogic[int, int, int]):  # type: ignore[misc]
    """Votes for one option."""

    def __init__(self, votes: int | None) -> None:
        self._votes = votes or 0

    def on_batch(self, values: list[int]) -> tuple[list[int], bool]:
        self._votes += len(values)
        return [self._votes], StatefulBatchLogic.RETAIN

    def snapshot(self) -> int:
        return self._votes


class Tallies(DynamicSink[Votes], StatelessSinkPartition[Votes]):  # type: ignore[misc]
    """Keeps the newest number of each option."""

    def __init__(self) -> None:
        self.tallies: dict[str, int] = {}

    def build(self, step_id: str, worker_index: int, worker_count: int) -> "Tallies":
        return self

    def write_batch(self, items: list[Votes]) -> None:
        self.tallies.update(items)


def keep_first(ballot: int | None, choices: int) -> tuple[int, int | None]:
    """Return the voter's ballot, and its choices if it is new."""
    return (choices, choices) if ballot is None else (ballot, None)


def options(voter_and_choices: tuple[str, int | None]) -> Iterator[Votes]:
    voter, choices = voter_and_choices
    if choices is not None:
        poll = voter.rpartition(" ")[0]
        for option in unpack(choices):
            yield f"{poll} {option}", 1


def main() -> None:
    """Count to the topic's end."""
    given = arguments()
    meter = Meter()
    tallies = Tallies()

    def read(message: KafkaSourceMessage[bytes, bytes]) -> Iterator[Votes]:
        meter.see()
        for vote in orjson.loads(message.value)["votes"]:
            yield f"{vote['stream_id']} {vote['poll_id']} {vote['voter']}", vote["choices"]

    flow = Dataflow("polls")
    messages = op.input("records", flow, KafkaSource([given.bootstrap], [given.topic], tail=False))
    ballots = op.stateful_map("ballots", op.flat_map("votes", messages, read), keep_first)
    counted = op.stateful_batch("tallies", op.flat_map("options", ballots, options), Tally)
    op.output("shown", counted, tallies)
    init_db_dir(Path(given.state_dir), 1)
    cli_main(flow, epoch_interval=timedelta(seconds=given.commit_s), recovery_config=RecoveryConfig(given.state_dir))
    meter.report(tallies.tallies)


if __name__ == "__main__":
    main()
