"""Voters' tokens: signed here where the secret is known, as a broadcaster's own backend may, else asked for one by one.

A token is a JWT (RFC 7519) signed with HS256, as docs/tokens.md describes it.
"""

import os
import time
from collections.abc import Iterable
from typing import Any, Self

import jwt
from pydantic import SecretStr
from pydantic_settings import BaseSettings, JsonConfigSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from ovation.audience.at_once import at_once
from ovation.client.gateway import GatewayClient
from ovation.data_dir import data_dir, secrets_file, stack_file

LIFE_S = 6 * 3_600


class TokenSecret(BaseSettings):
    """`OVATION_TOKEN_SECRET`, else that of the running embedded stack if no other gateway is meant, else empty."""

    model_config = SettingsConfigDict(env_prefix="OVATION_", extra="ignore", frozen=True)

    token_secret: SecretStr = SecretStr("")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then the file of the embedded stack."""
        root = data_dir()
        own = stack_file(root).exists() and "OVATION_GATEWAY_URL" not in os.environ
        files = [secrets_file(root)] if own else []
        return init_settings, env_settings, JsonConfigSettingsSource(settings_cls, json_file=files)


class Signer:
    """Signs the tokens of one stream."""

    def __init__(self, kid: str, secret: str, stream_id: str) -> None:
        self._headers = {"kid": kid}
        self._secret = secret
        self._claims = {"aud": "ovation", "stream": stream_id, "role": "viewer", "exp": int(time.time()) + LIFE_S}

    @classmethod
    def of(cls, secret: SecretStr, stream_id: str) -> Self:
        """Return the signer for the text of `OVATION_TOKEN_SECRET`: a secret, or `KID:SECRET,…`, the first of which
        signs.
        """
        kid, colon, named = secret.get_secret_value().partition(",")[0].strip().partition(":")
        return cls(kid, named, stream_id) if colon else cls("default", kid, stream_id)

    def token(self, viewer_id: str, claims: dict[str, Any]) -> str:
        """Return a viewer's token."""
        return jwt.encode({**self._claims, "sub": viewer_id, "claims": claims}, self._secret, headers=self._headers)


async def tokens(
    client: GatewayClient, stream_id: str, viewers: Iterable[tuple[str, dict[str, Any]]], secret: SecretStr
) -> dict[str, str]:
    """Return the token of each viewer, who has an id and claims. Raises a CallError when the gateway gives none."""
    wanted = dict(viewers)
    if secret.get_secret_value():
        signer = Signer.of(secret, stream_id)
        return {viewer_id: signer.token(viewer_id, claims) for viewer_id, claims in wanted.items()}
    issued = await at_once(client.token(stream_id, viewer_id, claims=claims) for viewer_id, claims in wanted.items())
    return dict(zip(wanted, issued, strict=True))
