from hashlib import sha256
from typing import Any

import pytest

from gateway.auth.api_keys import SCOPES, ApiKeys, Broadcaster, key_hash, key_text
from gateway.control.model import ApiKey
from gateway.control.table import ControlTable
from gateway.refusal import Refused
from tests.gateway.records import api_key

NOW = 1_763_800_000_000
TEXT = key_text("k1", "the_secret-part")


def record(**changes: Any) -> ApiKey:
    return api_key(**{"key_id": "k1", "secret_hash": key_hash(TEXT), "scopes": ("polls",), **changes})


class Setup:
    def __init__(self, *setting: str) -> None:
        self.now = NOW
        self.table = ControlTable(lambda: self.now)
        self.table.ready = True
        self.keys = ApiKeys(setting, self.table, lambda: self.now)


def test_keys_of_the_setting_may_do_everything() -> None:
    keys = Setup("one", f"sha256:{sha256(b'two').hexdigest()}").keys
    for text in ("one", "two"):
        holder = keys.identify(text)
        assert holder is not None
        assert holder.scopes == set(SCOPES)
        assert text not in holder.key_id
    assert keys.identify("one") != keys.identify("two")
    for wrong in ("three", "", None, f"sha256:{sha256(b'two').hexdigest()}", sha256(b"two").hexdigest()):
        assert keys.identify(wrong) is None


def test_a_bad_hash_in_the_setting_is_an_error() -> None:
    with pytest.raises(ValueError, match="64 hex digits"):
        Setup("sha256:abc")


def test_a_key_that_was_made_has_its_scopes() -> None:
    setup = Setup("one")
    assert setup.keys.identify(TEXT) is None
    setup.table.apply(record())
    assert setup.keys.identify(TEXT) == Broadcaster("k1", frozenset({"polls"}))
    for wrong in (TEXT + "x", TEXT[:-1], key_text("k2", "the_secret-part"), "ovk_k1_", "ovk_k1", "k1", key_hash(TEXT)):
        assert setup.keys.identify(wrong) is None


def test_it_ends_when_it_expires_and_when_it_is_revoked() -> None:
    setup = Setup("one")
    setup.table.apply(record(expires_at=NOW + 10))
    setup.now = NOW + 9
    assert setup.keys.identify(TEXT)
    setup.now = NOW + 10
    assert setup.keys.identify(TEXT) is None
    setup.now = NOW
    setup.table.apply(record(revision=2, revoked_at=NOW))
    assert setup.keys.identify(TEXT) is None


def test_nobody_is_turned_away_before_the_keys_are_known() -> None:
    setup = Setup("one")
    setup.table.ready = False
    assert setup.keys.identify("one")
    assert setup.keys.identify("wrong") is None
    with pytest.raises(Refused) as refused:
        setup.keys.identify(TEXT)
    assert refused.value.problem.name == "starting"


def test_a_missing_scope_is_named() -> None:
    holder = Broadcaster("k1", frozenset({"polls"}))
    holder.require("polls")
    with pytest.raises(Refused) as refused:
        holder.require("streams")
    assert (refused.value.problem.name, refused.value.field) == ("missing-scope", "streams")
