from typing import Any

import pytest

from gateway.auth import Broadcaster, Viewer
from gateway.limits.limits import Limits
from gateway.refusal import Refused
from gateway.settings import Settings
from tests.gateway.limits.conftest import Time

SECRET = "s" * 40


def limits(**per_s: int) -> Limits:
    none: dict[str, Any] = {
        name: 0 for name in Settings.model_fields if name.startswith("limit_") and name.endswith("_per_s")
    }
    secrets: dict[str, Any] = {"api_keys": "k", "token_secret": SECRET, "voter_secret": SECRET}
    return Limits(Settings(**secrets, **{**none, **per_s}, limit_burst_s=1))


def viewer(viewer_id: str = "v", stream_id: str = "cup") -> Viewer:
    return Viewer(viewer_id, stream_id, "viewer", 0)


def policy(refused: Refused) -> str:
    return refused.headers()["ratelimit-policy"].split(";")[0]


def test_an_address_is_that_of_a_subscriber(time: Time) -> None:
    edge = limits(limit_address_per_s=2)
    edge.admit_address("2001:db8::1")
    edge.admit_address("2001:db8::2")
    with pytest.raises(Refused) as refused:
        edge.admit_address("2001:db8::3")
    assert policy(refused.value) == '"address"'
    edge.admit_address("2001:db8:0:1::3")
    for _ in range(3):
        edge.admit_address(None)


def test_a_viewer_is_one_in_each_stream(time: Time) -> None:
    edge = limits(limit_viewer_requests_per_s=1)
    edge.admit_viewer(viewer())
    edge.admit_viewer(viewer("w"))
    edge.admit_viewer(viewer("v", "other"))
    with pytest.raises(Refused) as refused:
        edge.admit_viewer(viewer())
    assert policy(refused.value) == '"viewer"'


def test_a_stream_is_limited_for_its_viewers_together(time: Time) -> None:
    edge = limits(limit_stream_per_s=2)
    edge.admit_viewer(viewer("a"))
    edge.admit_viewer(viewer("b"))
    with pytest.raises(Refused) as refused:
        edge.admit_viewer(viewer("c"))
    assert policy(refused.value) == '"stream"'
    edge.admit_viewer(viewer("c", "other"))


def test_an_api_key(time: Time) -> None:
    edge = limits(limit_api_key_per_s=1)
    edge.admit_broadcaster(Broadcaster("a", frozenset()))
    edge.admit_broadcaster(Broadcaster("b", frozenset()))
    with pytest.raises(Refused) as refused:
        edge.admit_broadcaster(Broadcaster("a", frozenset()))
    assert policy(refused.value) == '"api-key"'


def test_taps_are_counted_one_by_one(time: Time) -> None:
    edge = limits(limit_viewer_taps_per_s=10)
    assert edge.take_taps(viewer(), 7) == 7
    assert edge.take_taps(viewer(), 7) == 3
    assert edge.take_taps(viewer(), 7) == 0
    assert edge.take_taps(viewer("w"), 7) == 7
