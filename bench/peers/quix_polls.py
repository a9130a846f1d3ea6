"""One ballot per stream, poll and voter, the first, and votes by option, with Quix Streams.

All votes of a voter are in one partition, whose state is in one place, so a voter is a key of the state: a `group_by`
voter would send every vote through Kafka once more. The state is RocksDB, with a changelog topic behind it, as is the
default.
"""

from collections import Counter
from typing import Any

from quixstreams import State, message_context

from bench.peers.meter import Meter, arguments
from bench.peers.quix import application
from contracts.choices import unpack


def main() -> None:
    """Count until all records are seen."""
    given = arguments()
    meter = Meter()
    tallies: dict[tuple[int, str], int] = {}
    app = application(given)
    topic = app.topic(given.topic, key_deserializer="bytes", value_deserializer="json")

    def count(record: dict[str, Any], state: State) -> dict[str, int]:
        """Keep new voters, and return the tallies that have grown."""
        meter.see()
        grown: Counter[str] = Counter()
        for vote in record["votes"]:
            poll = f"{vote['stream_id']} {vote['poll_id']}"
            voter = f"{poll} {vote['voter']}"
            if state.get(voter) is None:
                state.set(voter, vote["choices"])
                grown.update([f"{poll} {option}" for option in unpack(vote["choices"])])
        tallied = {option: state.get(option, 0) + votes for option, votes in grown.items()}
        for option, votes in tallied.items():
            state.set(option, votes)
        if meter.records == given.records:
            app.stop()
        return tallied

    def show(tallied: dict[str, int]) -> None:
        partition = message_context().partition
        tallies.update({(partition, option): votes for option, votes in tallied.items()})

    app.dataframe(topic).apply(count, stateful=True).update(show)
    app.run()
    counted: Counter[str] = Counter()
    for (_, option), votes in tallies.items():
        counted[option] += votes
    meter.report(counted)


if __name__ == "__main__":
    main()
