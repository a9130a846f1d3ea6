"""The examples that a backend starts from: both are run, and a viewer taps with what they print."""

import asyncio
import json
import os
import subprocess
import sys

import pytest

from gateway.auth import Tokens, signing_secrets
from local.paths import CHECKOUT
from tests.gateway.api import Api
from tests.gateway.processes import TOKEN_SECRET

EXAMPLES = CHECKOUT / "docs" / "examples"
COMMANDS = {
    "python": (sys.executable, str(EXAMPLES / "mint_token.py")),
    "node": ("node", str(EXAMPLES / "mint_token.mjs")),
}
CLAIMS = {"tier": "gold", "name": "Žofie 🔥", "years": [2024, 2025]}


def mint(language: str, setting: str, stream: str) -> str:
    run = subprocess.run(
        [*COMMANDS[language], stream, "anna", json.dumps(CLAIMS)],
        env={**os.environ, "OVATION_TOKEN_SECRET": setting},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return run.stdout.strip()


@pytest.mark.parametrize("language", COMMANDS)
async def test_a_viewer_taps_with_it(language: str, api: Api) -> None:
    stream = await api.stream()
    token = await asyncio.to_thread(mint, language, TOKEN_SECRET, stream)
    assert (await api.react(stream, token, {"🔥": 1})).status == 202


@pytest.mark.parametrize("language", COMMANDS)
def test_it_says_everything_and_is_signed_with_the_first_secret(language: str) -> None:
    new, old = f"2025b:{'n' * 40}", f"default:{'o' * 40}"
    token = mint(language, f"{new},{old}", "cup")
    viewer = Tokens(signing_secrets(new)).read(token, "cup", 0)
    assert (viewer.viewer_id, viewer.stream_id, viewer.role, viewer.claims) == ("anna", "cup", "viewer", CLAIMS)
