"""The hand-written loop: confluent-kafka, orjson and dictionaries, in one process on one core.

It takes records as they come, at most `BATCH` at once, adds their taps up, and writes what changed as absolute numbers,
by the same script and the same inserts as the job's sinks, and no more often than the job. It checks no record, and
remembers everything, but only until it is killed. It prints what it took as one line of JSON.
"""

import json
import os
import time
from argparse import ArgumentParser, Namespace

import orjson
from confluent_kafka import Consumer, Message

from bench.batch.loop_sums import Counts, History, Live, Windows
from jobs.settings import JobSettings

BATCH = 10_000
POLL_S = 0.02


def main() -> None:
    """Count `--records` records of the topic."""
    given = _arguments()
    settings = JobSettings()
    counts: list[Counts] = []
    if given.writes == "windows":
        counts.append(Windows())
    if given.writes in {"redis", "both"}:
        counts.append(Live(settings))
    if given.writes == "both":
        counts.append(History(settings))
    consumer = Consumer(
        {
            "bootstrap.servers": settings.kafka_bootstrap,
            "group.id": f"loop-{os.getpid()}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([given.topic])
    messages: list[Message[bytes, bytes]] = []
    while not messages:
        messages = consumer.consume(BATCH, POLL_S)
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    seen = 0
    while True:
        seen += len(messages)
        if counts:
            records = [orjson.loads(message.value() or b"{}") for message in messages]
            for each in counts:
                each.add(records)
                each.write_if_due(at_once=seen >= given.records)
        if seen >= given.records:
            break
        messages = consumer.consume(BATCH, POLL_S)
    wall_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    print(json.dumps({"records": seen, "cpu_s": cpu_s, "wall_s": wall_s}), flush=True)
    consumer.close()


def _arguments() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--topic", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument(
        "--writes",
        choices=("nothing", "windows", "redis", "both"),
        required=True,
        help="nothing: only read; windows: count, for nobody; redis: as the live deployment; both: as both deployments",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
