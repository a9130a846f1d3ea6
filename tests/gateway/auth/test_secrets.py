import pytest

from gateway.auth import SigningKey, signing_secrets

OLD, NEW = "o" * 32, "n" * 40


def test_a_plain_secret_is_the_default_key() -> None:
    assert signing_secrets(f" {OLD} ") == (SigningKey("default", OLD.encode()),)


def test_a_list_keeps_its_order() -> None:
    assert signing_secrets(f"b:{NEW}, a:{OLD}") == (SigningKey("b", NEW.encode()), SigningKey("a", OLD.encode()))


def test_a_secret_may_hold_colons_behind_the_first() -> None:
    assert signing_secrets(f"a:{OLD}:{NEW}") == (SigningKey("a", f"{OLD}:{NEW}".encode()),)


@pytest.mark.parametrize(
    "setting",
    ["", " , ", "short", "a:short", f"a:{OLD},b", f"{OLD},{NEW}", f":{OLD}", f"a b:{OLD}", f"a:{OLD},a:{NEW}"],
)
def test_refuses_what_is_no_list_of_secrets_and_repeats_none(setting: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        signing_secrets(setting)
    assert OLD not in str(error.value)


def test_no_secret_shows() -> None:
    assert OLD not in repr(signing_secrets(OLD))
