"""The model goes by the programs' own settings, and by what a message really looks like."""

import json
import re

import msgspec
import pytest

from contracts import reactors
from contracts.windows import WINDOW_MS
from gateway.live import hubs, messages_in
from gateway.live.picture import Picture
from gateway.live.presence import PRESENCE_S
from gateway.settings import Settings
from jobs.settings import JobSettings
from local.paths import CHECKOUT
from ovation.capacity import sizes
from ovation.capacity.crowd import Crowd
from ovation.capacity.pace import Pace


def test_the_pace_is_that_of_gateways_and_jobs() -> None:
    gateway, jobs = Settings.model_fields, JobSettings.model_fields

    assert (
        Pace(
            flush_s=gateway["flush_ms"].default / 1e3,
            live_batch_s=jobs["live_batch_ms"].default / 1e3,
            history_batch_s=jobs["history_batch_ms"].default / 1e3,
            window_s=WINDOW_MS / 1e3,
            presence_s=PRESENCE_S,
            resync_s=hubs._RESYNC_S,
            sample=reactors.SAMPLE,
        )
        == Pace()
    )
    assert Crowd().interval_ms == gateway["push_ms"].default


def test_a_message_is_one_that_a_gateway_reads() -> None:
    message = sizes._reactions(5, 100.0)

    assert messages_in.merge(json.dumps(message).encode(), Picture()) == messages_in.REACTIONS


def test_a_message_of_thirty_emojis_is_about_as_long_as_the_measured_one() -> None:
    text = (CHECKOUT / "docs" / "measurements" / "delivery.json").read_text()
    measured = re.search(r"of (\d+) bytes", text)
    assert measured

    assert sizes.reactions_bytes(30, 50.0) == pytest.approx(int(measured[1]), rel=0.2)


def test_a_vote_of_a_record_fits_the_schema() -> None:
    schema = msgspec.json.decode((CHECKOUT / "contracts" / "schemas" / "votes.v1.json").read_bytes())

    assert 150 < sizes.vote_bytes() < 400
    assert set(schema["properties"]["votes"]["items"]["required"]) <= set(sizes._vote())
