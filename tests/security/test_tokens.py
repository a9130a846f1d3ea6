"""Tokens that were not meant: forged, taken from elsewhere, or used once too often, at a real gateway."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.gateway.api import Api
from tests.gateway.processes import TOKEN_SECRET, gateway
from tests.gateway.tabs import Closed, open_tab, welcomed
from tests.security.conftest import NO_LIMITS

_RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
_PEM = _RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def claims(**changes: Any) -> dict[str, Any]:
    good = {"aud": "ovation", "sub": "v", "stream": "STREAM", "role": "viewer", "exp": int(time.time()) + 7_200}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _forged(header: dict[str, Any], secret: bytes, **changes: Any) -> str:
    """Signed by HMAC, whatever the header says."""
    signed = f"{_part(header)}.{_part(claims(**changes))}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(signed.encode(), secret)
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _hs(secret: str = TOKEN_SECRET, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), secret, algorithm="HS256", headers=headers)


def _swapped(**changes: Any) -> str:
    """A good token whose payload was replaced."""
    header, _, signature = _hs().split(".")
    return f"{header}.{_part(claims(**changes))}.{signature}"


_PUBLIC = jwt.algorithms.RSAAlgorithm.to_jwk(_RSA.public_key(), as_dict=True)
BAD = {
    "alg none": jwt.encode(claims(), "", algorithm="none"),
    "alg None": f"{_part({'alg': 'None', 'typ': 'JWT'})}.{_part(claims())}.",
    "alg none with a good signature": f"{_part({'alg': 'none'})}.{_part(claims())}.{_hs().rpartition('.')[2]}",
    "RS256": jwt.encode(claims(), _RSA, algorithm="RS256"),
    "RS256 with its key beside it": jwt.encode(claims(), _RSA, algorithm="RS256", headers={"jwk": _PUBLIC}),
    "RS256 with an address of its key": jwt.encode(
        claims(), _RSA, algorithm="RS256", headers={"jku": "http://127.0.0.1:9/keys"}
    ),
    "HS256 with the public key": _forged({"alg": "HS256", "typ": "JWT"}, _PEM),
    "RS256 in the header, signed by HMAC": _forged({"alg": "RS256", "typ": "JWT"}, TOKEN_SECRET.encode()),
    "HS512": jwt.encode(claims(), TOKEN_SECRET * 2, algorithm="HS512"),
    "HS384 of the right secret": jwt.encode(claims(), TOKEN_SECRET + "t" * 8, algorithm="HS384"),
    "another secret": _hs("x" * 40),
    "an empty secret": _forged({"alg": "HS256"}, b""),
    "kid of a path": _forged({"alg": "HS256", "kid": "../../../../dev/null"}, b""),
    "kid of another key": _hs(headers={"kid": "other"}),
    "wrong audience": _hs(aud="somebody-else"),
    "audience of others": _hs(aud=["somebody-else", "Ovation"]),
    "no audience": _hs(aud=None),
    "no expiry": _hs(exp=None),
    "expiry as text": _hs(exp="9999999999"),
    "a role that is none": _hs(role="broadcaster"),
    "not yet": _hs(nbf=int(time.time()) + 3_600),
    "another viewer in the payload": _swapped(sub="somebody"),
    "a longer life in the payload": _swapped(exp=int(time.time()) + 10**6),
    "no signature": _hs().rpartition(".")[0] + ".",
    "two parts": _hs().rpartition(".")[0],
    "five parts": "a.b.c.d.e",
    "a critical extension": _forged({"alg": "HS256", "crit": ["x"], "x": 1}, TOKEN_SECRET.encode()),
}


@pytest.fixture
async def stream(api: Api) -> str:
    answer = await api.call("POST", "/v1/streams", {"title": "T", "emojis": ["🔥"], "stream_id": "STREAM"})
    assert answer.status in {201, 409}
    return "STREAM"


async def _refusals(api: Api, stream: str, token: str) -> set[str]:
    """Return what is said by the short way, the usual way and the socket."""
    path = f"/v1/streams/{stream}/reactions"
    short = await api.call("POST", path, {"counts": {"🔥": 1}}, token)
    usual = await api.call("GET", f"/v1/streams/{stream}", None, token)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await open_tab(api, stream, token)
    assert refused.value.status == short.status == usual.status
    return {short.problem, usual.problem}


@pytest.mark.parametrize("name", BAD)
async def test_a_forged_token_opens_nothing(api: Api, stream: str, name: str) -> None:
    # The same header has just been seen on a good token, which takes the quick way (gateway.auth.tokens).
    assert (await api.react(stream, _hs(), {"🔥": 1})).status == 202
    assert await _refusals(api, stream, BAD[name]) == {"bad-token"}


async def test_an_expired_one_opens_nothing_and_its_socket_closes(api: Api, stream: str) -> None:
    assert await _refusals(api, stream, _hs(exp=int(time.time()) - 1)) == {"expired-token"}
    short = _hs(exp=time.time() + 1)
    tab = await welcomed(api, stream, short)
    assert await tab.end() == (4401, "expired-token")
    assert await _refusals(api, stream, short) == {"expired-token"}


async def test_one_of_another_stream_opens_nothing(api: Api, stream: str) -> None:
    assert await _refusals(api, stream, _hs(stream="elsewhere")) == {"foreign-token"}


async def test_a_replayed_key_opens_nothing_once_it_is_revoked(api: Api) -> None:
    made = await api.call("POST", "/v1/keys", {"name": "n", "scopes": ["streams"]})
    key, path = made.body["key"], f"/v1/keys/{made.body['key_id']}"
    new = {"title": "T", "emojis": ["🔥"]}
    assert (await api.call("POST", "/v1/streams", new, key)).status == 201
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.call("POST", "/v1/streams", new, key)).problem == "bad-api-key"
    for changed in (key[:-1], key + "A", key.upper()):
        assert (await api.call("POST", "/v1/streams", new, changed)).problem == "bad-api-key"


async def test_a_replayed_token_opens_nothing_once_its_secret_is_taken_out(
    api: Api, stream: str, session: aiohttp.ClientSession, bootstrap: str, redis_url: str, folder: Path
) -> None:
    """A viewer's token is revoked with all others of its secret (docs/tokens.md), or by its own short life."""
    token = _hs()
    assert (await api.react(stream, token, {"🔥": 1})).status == 202
    process, url = gateway(bootstrap, redis_url, folder, token_secret=f"2:{'n' * 40}", **NO_LIMITS)
    process.start()
    try:
        after = Api(session, url)
        await after.until_known(stream)
        assert await _refusals(after, stream, token) == {"bad-token"}
        assert (await after.react(stream, await after.token(stream), {"🔥": 1})).status == 202
    finally:
        assert process.stop() == 0


async def test_what_a_browser_sends_by_itself_is_no_credential(api: Api, stream: str) -> None:
    """So no foreign page can act in a viewer's name: there are no cookies, and no basic authentication."""
    token = _hs()
    for headers in ({"cookie": f"token={token}"}, {"authorization": f"Basic {token}"}):
        path = f"/v1/streams/{stream}/reactions"
        answer = await api.call("POST", path, {"counts": {"🔥": 1}}, None, headers=headers)
        assert answer.problem == "missing-token"
    for method in ("OPTIONS", "POST"):
        answer = await api.call(method, path, {}, None, headers={"origin": "https://evil.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    with pytest.raises((Closed, aiohttp.WSServerHandshakeError)):
        await (await open_tab(api, stream, None, headers={"cookie": f"token={token}"})).next("welcome")
