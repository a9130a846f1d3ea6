import pytest

from gateway.idempotency.seal import Seal

SEAL = Seal(b"s" * 40)


def test_what_was_closed_opens_for_who_has_the_secret_at_its_place() -> None:
    sealed = SEAL.close(b"token", "a")
    assert b"token" not in sealed
    assert Seal(b"s" * 40).open(sealed, "a") == b"token"
    assert SEAL.close(b"token", "a") != sealed
    for seal, text, place in (
        (Seal(b"x" * 40), sealed, "a"),
        (SEAL, sealed, "b"),
        (SEAL, sealed[:-1] + bytes([sealed[-1] ^ 1]), "a"),
        (SEAL, b"", "a"),
        (SEAL, b"x", "a"),
    ):
        with pytest.raises(ValueError):
            seal.open(text, place)


def test_a_name_tells_its_parts_apart_and_nothing_of_them() -> None:
    names = {
        SEAL.name(b"viewer", b"key"),
        SEAL.name(b"viewerk", b"ey"),
        SEAL.name(b"viewer"),
        SEAL.name(b"key", b"viewer"),
    }
    assert len(names) == 4
    assert {len(name) for name in names} == {43}
    assert SEAL.name(b"viewer", b"key") == Seal(b"s" * 40).name(b"viewer", b"key")
    assert SEAL.name(b"viewer", b"key") != Seal(b"x" * 40).name(b"viewer", b"key")
