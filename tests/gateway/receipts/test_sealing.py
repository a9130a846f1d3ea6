import string
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from gateway.auth import Viewer, signing_secrets
from gateway.control.table import ControlTable
from gateway.receipts.sealing import Receipt, Receipts
from gateway.refusal import Refused
from gateway.voter import VoterKeys
from tests.gateway.records import AT, poll

OLD, NEW = "o" * 40, "n" * 40
BASE64URL = string.ascii_letters + string.digits + "-_"
VIEWER = Viewer("viewer-1", "cup", "viewer", 9_999_999_999)

voters = VoterKeys(b"v" * 32, ControlTable(lambda: AT))
RECEIPT = Receipt("cup", "best", voters.voter(poll(), "viewer-1"), "01KANZ5WRB8N0Q4T7Y2V5K9M3P", "vote", AT)


def receipts(setting: str = OLD) -> Receipts:
    return Receipts(signing_secrets(setting), voters)


def is_forged(text: str, setting: str = OLD) -> bool:
    try:
        receipts(setting).open(text)
    except Refused as refused:
        assert (refused.problem.name, refused.problem.status) == ("unknown-receipt", 404)
        return True
    return False


def test_opens_to_what_was_sealed() -> None:
    assert receipts().open(receipts().seal(RECEIPT)) == RECEIPT


def test_is_safe_in_an_url() -> None:
    assert set(receipts().seal(RECEIPT)) <= set(BASE64URL)


def test_is_different_each_time() -> None:
    assert receipts().seal(RECEIPT) != receipts().seal(RECEIPT)


def test_no_character_can_be_changed() -> None:
    text = receipts().seal(RECEIPT)
    for place, character in enumerate(text):
        others = BASE64URL.replace(character, "")
        for other in (others[0], others[place % len(others)], others[-1]):
            assert is_forged(text[:place] + other + text[place + 1 :]), place


def test_no_bit_of_the_last_character_is_free() -> None:
    """Without padding, base64 leaves bits at the end that a decoder forgives."""
    for length in range(3):
        text = receipts().seal(replace(RECEIPT, poll_id="p" * (length + 1)))
        assert [last for last in BASE64URL if not is_forged(text[:-1] + last)] == [text[-1]]


@pytest.mark.parametrize("text", ["", "a", "A" * 16, "A" * 38, "A" * 200, "A" * 100_000, "ä" * 60, "=" * 60, "\0"])
def test_what_was_never_sealed_is_unknown(text: str) -> None:
    assert is_forged(text)


def test_has_one_spelling() -> None:
    text = receipts().seal(RECEIPT)
    for other in (text + "=", text + "==", text + "\n", " " + text, text[:5] + "!" + text[5:], text[:-1], text + "A"):
        assert is_forged(other), other


def test_says_nothing_to_who_has_no_key() -> None:
    text = receipts().seal(RECEIPT)
    sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for secret in ("viewer-1", RECEIPT.voter, RECEIPT.ulid, "cup", "best", "vote"):
        assert secret not in text
        assert secret.encode() not in sealed


def test_secrets_rotate() -> None:
    old, new = receipts(f"a:{OLD}").seal(RECEIPT), receipts(f"b:{NEW},a:{OLD}").seal(RECEIPT)
    assert receipts(f"b:{NEW},a:{OLD}").open(old) == RECEIPT
    assert receipts(f"a:{OLD},b:{NEW}").open(new) == RECEIPT
    assert is_forged(new, f"a:{OLD}")
    assert is_forged(old, f"b:{NEW}")


def test_a_token_signing_key_is_not_the_receipts_key() -> None:
    """The same secret signs tokens; what is derived from it for receipts must open nothing else."""
    text = receipts().seal(RECEIPT)
    sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    with pytest.raises(InvalidTag):
        AESGCM(OLD.encode()[:32]).decrypt(sealed[:12], sealed[12:], None)


@pytest.mark.parametrize(
    ("changes", "viewer", "definition", "shown"),
    [
        ({}, VIEWER, poll(), True),
        ({}, replace(VIEWER, viewer_id="viewer-2"), poll(), False),
        ({}, replace(VIEWER, role="overlay"), poll(), False),
        ({}, VIEWER, poll(poll_id="other"), False),
        ({"poll_id": "other"}, VIEWER, poll(), False),
        ({"stream_id": "other"}, VIEWER, poll(), False),
        ({"kind": "withdrawal"}, VIEWER, poll(), False),
        ({"kind": "late"}, VIEWER, poll(), False),
        ({"kind": "ineligible"}, VIEWER, poll(), False),
        ({}, VIEWER, poll(voter_salt="A" * 43), False),
        ({}, VIEWER, poll(voter_salt=None, status="cancelled"), False),
    ],
)
def test_shows_results_to_who_voted(changes: dict[str, Any], viewer: Viewer, definition: Any, shown: bool) -> None:
    assert receipts().shows(receipts().seal(replace(RECEIPT, **changes)), viewer, definition) is shown


def test_a_forged_receipt_shows_nothing() -> None:
    assert not receipts().shows(receipts(NEW).seal(RECEIPT), VIEWER, poll())
