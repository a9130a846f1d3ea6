from typing import Any

import jwt
import pytest

from gateway.auth import ApiKeys, Tokens, Viewer, bearer, participant
from gateway.refusal import Refused

SECRET = "s" * 40
NOW_S = 1_763_800_000.0
GOOD: dict[str, Any] = {"aud": "ovation", "sub": "v1", "stream": "cup", "role": "viewer", "exp": int(NOW_S) + 60}


def refusal(token: str | None, stream: str = "cup", now_s: float = NOW_S) -> str:
    with pytest.raises(Refused) as refused:
        Tokens(SECRET).read(token, stream, now_s)
    return refused.value.problem.name


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm)


def test_reads_what_it_wrote() -> None:
    tokens = Tokens(SECRET)
    viewer = Viewer("v1", "cup", "viewer", int(NOW_S) + 60, {"team": "red"})
    assert tokens.read(tokens.write(viewer), "cup", NOW_S) == viewer


def test_missing() -> None:
    assert refusal(None) == refusal("") == "missing-token"


def test_expired_also_when_it_was_good_before() -> None:
    tokens = Tokens(SECRET)
    token = signed()
    tokens.read(token, "cup", NOW_S)
    with pytest.raises(Refused) as refused:
        tokens.read(token, "cup", NOW_S + 60)
    assert refused.value.problem.name == "expired-token"


def test_of_another_stream() -> None:
    assert refusal(signed(), stream="other") == "foreign-token"


@pytest.mark.parametrize(
    "token",
    [
        "garbage",
        "a.b.c",
        signed(secret="x" * 40),
        signed(algorithm="HS512", secret="s" * 64),
        signed(aud="someone-else"),
        signed(aud=None),
        signed(sub=None),
        signed(exp=None),
        signed(stream=None),
        signed(role="admin"),
        signed(exp="soon"),
        jwt.encode(GOOD, None, algorithm="none"),
    ],
)
def test_bad(token: str) -> None:
    assert refusal(token) == "bad-token"


def test_algorithm_is_pinned() -> None:
    """The same secret with another algorithm is no signature."""
    assert refusal(jwt.encode(GOOD, SECRET * 2, algorithm="HS384")) == "bad-token"


def test_overlay_does_not_take_part() -> None:
    with pytest.raises(Refused) as refused:
        participant(Viewer("o", "cup", "overlay", 0))
    assert refused.value.problem.name == "role-not-allowed"


def test_api_keys() -> None:
    keys = ApiKeys(frozenset({"one", "two"}))
    assert keys.accepts("one")
    assert keys.accepts("two")
    assert not keys.accepts("three")
    assert not keys.accepts("")
    assert not keys.accepts(None)


@pytest.mark.parametrize(
    ("header", "found"),
    [("Bearer x", "x"), ("bearer x", "x"), ("Basic x", None), ("Bearer ", None), ("Bearer", None), (None, None)],
)
def test_bearer(header: str | None, found: str | None) -> None:
    assert bearer(header) == found
