import json
import time
from pathlib import Path
from typing import cast

import jwt
import pytest
from pydantic import SecretStr

from ovation.audience.voters.tokens import LIFE_S, Signer, TokenSecret, tokens
from ovation.client.gateway import GatewayClient

SECRET = "s" * 40


@pytest.fixture(autouse=True)
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a running stack's files, and nothing in the environment."""
    for name in ("OVATION_TOKEN_SECRET", "OVATION_GATEWAY_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OVATION_DATA_DIR", str(tmp_path))
    (tmp_path / "stack.json").write_text("{}")
    (tmp_path / "secrets.json").write_text(json.dumps({"token_secret": SECRET, "api_key": "k"}))
    return tmp_path


def read(token: str, secret: str = SECRET) -> dict[str, object]:
    return dict(jwt.decode(token, secret, algorithms=["HS256"], audience="ovation"))


def test_a_token_says_what_the_gateway_s_own_says() -> None:
    token = Signer.of(SecretStr(SECRET), "s").token("ana", {"member": True})
    said = read(token)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": "default", "typ": "JWT"}
    assert said.pop("exp") == pytest.approx(time.time() + LIFE_S, abs=5)
    assert said == {"aud": "ovation", "sub": "ana", "stream": "s", "role": "viewer", "claims": {"member": True}}


def test_the_first_of_several_secrets_signs() -> None:
    token = Signer.of(SecretStr(f"new:{SECRET},old:{'o' * 40}"), "s").token("ana", {})
    assert jwt.get_unverified_header(token)["kid"] == "new"
    assert read(token)["sub"] == "ana"


def test_the_secret_is_the_environment_s_or_the_stack_s_but_never_another_gateway_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert TokenSecret().token_secret.get_secret_value() == SECRET
    assert SECRET not in repr(TokenSecret())
    monkeypatch.setenv("OVATION_GATEWAY_URL", "https://gateway.example")
    assert TokenSecret().token_secret.get_secret_value() == ""
    monkeypatch.setenv("OVATION_TOKEN_SECRET", "other")
    assert TokenSecret().token_secret.get_secret_value() == "other"


async def test_without_a_secret_the_gateway_is_asked_for_each() -> None:
    class Asked:
        async def token(self, stream_id: str, viewer_id: str, claims: dict[str, object]) -> str:
            return f"{stream_id}/{viewer_id}/{claims}"

    client = cast(GatewayClient, Asked())
    viewers = [("ana", {"member": True}), ("bo", {})]
    assert await tokens(client, "s", viewers, SecretStr("")) == {"ana": "s/ana/{'member': True}", "bo": "s/bo/{}"}
    signed = await tokens(client, "s", viewers, SecretStr(SECRET))
    assert {name: read(token)["sub"] for name, token in signed.items()} == {"ana": "ana", "bo": "bo"}
