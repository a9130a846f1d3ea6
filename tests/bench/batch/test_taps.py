"""An evening of taps is what gateways write."""

import msgspec
import pytest

from bench.batch.taps import Evening
from contracts.events import ReactionsRecord
from jobs.dead_letters import reason_checker


@pytest.mark.parametrize("records", [1, 150, 9_000])
def test_an_evening_has_the_records_and_the_taps_that_it_says(records: int) -> None:
    evening = Evening(records, streams=70, video_in=3)
    made = list(evening.all())
    taps = sum(sum(msgspec.json.decode(value)["counts"].values()) for _, _, value in made)
    assert (len(made), taps) == (records, evening.taps())


def test_a_record_is_valid_and_written_as_the_gateway_writes_it() -> None:
    reason = reason_checker("reactions")
    for _, key, value in Evening(300, streams=40, reactors_in=2, video_in=3).all():
        record = msgspec.json.decode(value, type=ReactionsRecord)
        assert reason(value) is None
        assert msgspec.json.encode(record) == value
        assert record["stream_id"].encode() == key
