"""One ballot per stream, poll and voter with Quix Streams, by `group_by` as its docs have it.

A voter becomes the key of a message, so every vote goes through Kafka once more. The votes by option are only counted
in memory: under another key they would take a third way through Kafka.
"""

from collections import Counter
from typing import Any

from quixstreams import State

from bench.peers.meter import Meter, arguments
from bench.peers.quix import application
from contracts.choices import unpack

Vote = dict[str, Any]


def main() -> None:
    """Count until all records are seen, and all their votes once more."""
    given = arguments()
    meter = Meter()
    sent, seen = Counter[str](), Counter[str]()
    counted: Counter[str] = Counter()
    app = application(given)
    topic = app.topic(given.topic, key_deserializer="bytes", value_deserializer="json")

    def votes(record: dict[str, Any]) -> list[Vote]:
        meter.see()
        sent["votes"] += len(record["votes"])
        return list(record["votes"])

    def is_first(vote: Vote, state: State) -> bool:
        seen["votes"] += 1
        if meter.records == given.records and seen == sent:
            app.stop()
        if state.get("choices") is not None:
            return False
        state.set("choices", vote["choices"])
        return True

    def count(vote: Vote) -> None:
        counted.update([f"{vote['stream_id']} {vote['poll_id']} {option}" for option in unpack(vote["choices"])])

    keyed = app.dataframe(topic).apply(votes, expand=True).group_by(voter_of, name="voter")
    keyed.filter(is_first, stateful=True).update(count)
    app.run()
    meter.report(counted)


def voter_of(vote: Vote) -> str:
    return f"{vote['stream_id']} {vote['poll_id']} {vote['voter']}"


if __name__ == "__main__":
    main()
