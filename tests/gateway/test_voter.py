import hmac
import re
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from gateway.control.table import ControlTable
from gateway.voter import VoterKeys
from tests.gateway.records import AT, poll

SECRET = b"s" * 32


def keys(secret: bytes = SECRET) -> VoterKeys:
    return VoterKeys(secret, ControlTable(lambda: AT))


def voter(viewer_id: str = "viewer", secret: bytes = SECRET, **changes: Any) -> str:
    return keys(secret).voter(poll(**changes), viewer_id)


def test_is_22_characters_of_base64url() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", voter())


def test_is_the_same_for_the_same_viewer_and_poll() -> None:
    made = keys()
    assert {made.voter(poll(), "viewer"), made.voter(poll(revision=2, status="closed"), "viewer"), voter()} == {voter()}


def test_differs_by_secret_salt_stream_poll_and_viewer() -> None:
    voters = {
        voter(),
        voter(secret=b"t" * 32),
        voter(voter_salt="A" * 43),
        voter(stream_id="cup-2"),
        voter(poll_id="best-2"),
        voter("viewer-2"),
    }
    assert len(voters) == 6


def test_does_not_change_between_versions() -> None:
    """A gateway that computed it otherwise would let everybody vote again."""
    assert voter("viewer-1", b"k" * 32) == "mk9YnIv0sBJ7vvXtQ8v9ew"


def test_is_what_the_contract_says() -> None:
    salt = poll().voter_salt
    key = hmac.digest(SECRET, f"{salt}|cup|best".encode(), "sha256")
    assert voter() == urlsafe_b64encode(hmac.digest(key, b"viewer", "sha256")[:16]).decode()[:22]


def test_the_key_is_destroyed_with_the_salt() -> None:
    table = ControlTable(lambda: AT)
    made = VoterKeys(SECRET, table)
    table.apply(poll())
    made.voter(poll(), "viewer")
    assert made._keys
    table.apply(poll(revision=2, status="closed"))
    assert made._keys
    final = poll(revision=3, status="final", voter_salt=None)
    table.apply(final)
    assert not made._keys
    with pytest.raises(ValueError, match="destroyed"):
        made.voter(final, "viewer")


def test_keys_go_with_the_table_that_had_their_salts() -> None:
    table = ControlTable(lambda: AT)
    made = VoterKeys(SECRET, table)
    made.voter(poll(), "viewer")
    table.clear()
    assert not made._keys


def test_a_poll_with_a_new_salt_has_a_new_key() -> None:
    made = keys()
    assert made.voter(poll(), "viewer") != made.voter(poll(voter_salt="A" * 43), "viewer")


def test_only_the_keys_used_last_are_remembered() -> None:
    made = keys()
    made.voter(poll(), "viewer")
    for number in range(1_023):
        made.voter(poll(poll_id=f"poll-{number}"), "viewer")
    made.voter(poll(), "viewer")
    made.voter(poll(poll_id="one-more"), "viewer")
    assert len(made._keys) == 1_024
    assert poll().key in made._keys
    assert poll(poll_id="poll-0").key not in made._keys
