import base64
import json
from typing import Any

import jwt
import pytest

from gateway.auth import Tokens, Viewer, signing_secrets
from gateway.auth.tokens import MAX_TOKEN_CHARS
from gateway.refusal import Refused

SECRET, OTHER = "s" * 40, "x" * 40
NOW_S = 1_763_800_000.0
GOOD: dict[str, Any] = {"aud": "ovation", "sub": "v1", "stream": "cup", "role": "viewer", "exp": int(NOW_S) + 60}


def tokens_of(setting: str = SECRET) -> Tokens:
    return Tokens(signing_secrets(setting))


def refusal(token: str | None, stream: str = "cup", now_s: float = NOW_S, setting: str = SECRET) -> str:
    with pytest.raises(Refused) as refused:
        tokens_of(setting).read(token, stream, now_s)
    return refused.value.problem.name


def signed(secret: str = SECRET, algorithm: str = "HS256", kid: str | None = None, **changes: Any) -> str:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm, headers=None if kid is None else {"kid": kid})


def by_hand(header: dict[str, Any], payload: bytes) -> str:
    """A token whose payload no library would write, signed well."""
    return jwt.PyJWS().encode(payload, SECRET, algorithm="HS256", headers=header)


def test_reads_what_it_wrote() -> None:
    tokens = tokens_of()
    viewer = Viewer("v1", "cup", "viewer", int(NOW_S) + 60, {"team": "red", "tiers": [1, 2], "member": True})
    assert tokens.read(tokens.write(viewer), "cup", NOW_S) == viewer


def test_the_first_key_signs_and_its_name_is_in_the_header() -> None:
    token = tokens_of(f"new:{OTHER},old:{SECRET}").write(Viewer("v1", "cup", "viewer", int(NOW_S) + 60))
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "new"}
    assert refusal(token, setting=f"new:{SECRET}") == "bad-token"
    assert tokens_of(f"new:{OTHER}").read(token, "cup", NOW_S).viewer_id == "v1"


def test_rotation() -> None:
    """The old secret's tokens are good for as long as it is listed."""
    token = tokens_of(f"a:{SECRET}").write(Viewer("v1", "cup", "viewer", int(NOW_S) + 60))
    for setting in (f"a:{SECRET},b:{OTHER}", f"b:{OTHER},a:{SECRET}"):
        assert tokens_of(setting).read(token, "cup", NOW_S).viewer_id == "v1"
    assert refusal(token, setting=f"b:{OTHER}") == "bad-token"


def test_a_token_without_kid_is_tried_against_all() -> None:
    assert tokens_of(f"b:{OTHER},a:{SECRET}").read(signed(), "cup", NOW_S).viewer_id == "v1"
    assert refusal(signed(), setting=f"b:{OTHER}") == "bad-token"


def test_a_kid_is_taken_at_its_word() -> None:
    setting = f"a:{SECRET},b:{OTHER}"
    assert refusal(signed(kid="b"), setting=setting) == "bad-token"
    assert refusal(signed(kid="c"), setting=setting) == "bad-token"
    assert tokens_of(setting).read(signed(kid="a"), "cup", NOW_S).viewer_id == "v1"


def test_missing() -> None:
    assert refusal(None) == refusal("") == "missing-token"


def test_expired_also_when_it_was_good_before() -> None:
    tokens = tokens_of()
    token = signed()
    tokens.read(token, "cup", NOW_S)
    with pytest.raises(Refused) as refused:
        tokens.read(token, "cup", NOW_S + 60)
    assert refused.value.problem.name == "expired-token"


def test_clocks_may_differ_a_little() -> None:
    assert tokens_of().read(signed(nbf=int(NOW_S) + 20, iat=int(NOW_S) + 20), "cup", NOW_S).viewer_id == "v1"
    assert refusal(signed(nbf=int(NOW_S) + 40)) == "bad-token"


def test_a_time_need_not_be_whole_nor_the_audience_alone() -> None:
    token = signed(exp=NOW_S + 0.5, aud=["shop", "ovation"])
    assert tokens_of().read(token, "cup", NOW_S).viewer_id == "v1"


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
        signed(aud=["someone-else"]),
        signed(aud=None),
        signed(sub=None),
        signed(sub=""),
        signed(sub="v" * 129),
        signed(exp=None),
        signed(stream=None),
        signed(stream="no|stream"),
        signed(role="admin"),
        signed(exp="soon"),
        signed(claims={"deep": {"er": 1}}),
        signed(claims={"long": "x" * 129}),
        signed(claims={f"c{number}": 1 for number in range(33)}),
        signed(claims={"many": list(range(33))}),
        jwt.encode(GOOD, "", algorithm="none"),
        by_hand({}, b"[]"),
        by_hand({}, b"no json"),
        by_hand({}, b"[" * 3_000),
        by_hand({}, b'{"aud":"ovation","sub":"\\ud800","stream":"cup","role":"viewer","exp":9999999999}'),
        by_hand({"crit": ["x"], "x": 1}, json.dumps(GOOD).encode()),
    ],
)
@pytest.mark.parametrize("known", ["its header is new", "its header was good before"])
def test_bad(token: str, known: str) -> None:
    tokens = tokens_of()
    if known == "its header was good before":
        tokens.read(signed(), "cup", NOW_S)
    with pytest.raises(Refused) as refused:
        tokens.read(token, "cup", NOW_S)
    assert refused.value.problem.name == "bad-token"


def test_a_payload_is_good_only_with_its_own_signature() -> None:
    tokens = tokens_of()
    header, payload, signature = signed().split(".")
    tokens.read(f"{header}.{payload}.{signature}", "cup", NOW_S)
    other = signed(sub="v2").split(".")[1]
    for forged in (
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.{payload}.{signature}",
        f"{header}.{payload}.",
    ):
        with pytest.raises(Refused):
            tokens.read(forged, "cup", NOW_S)


def test_algorithm_is_pinned() -> None:
    """The same secret with another algorithm is no signature."""
    assert refusal(jwt.encode(GOOD, SECRET * 2, algorithm="HS384")) == "bad-token"
    header = base64.urlsafe_b64encode(b'{"alg":"None"}').rstrip(b"=").decode()
    assert refusal(f"{header}.{signed().split('.')[1]}.") == "bad-token"


def test_length_is_bounded_before_anything_is_computed() -> None:
    claims = {f"c{number}": "x" * 128 for number in range(32)}
    token = signed(claims=claims)
    assert len(token) > MAX_TOKEN_CHARS
    with pytest.raises(Refused, match="bad-token") as refused:
        tokens_of().read(token, "cup", NOW_S)
    assert str(MAX_TOKEN_CHARS) in refused.value.detail


def test_what_is_wrong_with_a_signed_payload_is_said() -> None:
    with pytest.raises(Refused) as refused:
        tokens_of().read(signed(stream=None), "cup", NOW_S)
    assert "`stream`" in refused.value.detail
