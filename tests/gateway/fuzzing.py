"""Calls a gateway with requests made from its own description, valid and invalid, by schemathesis."""

import os
import subprocess
import sys
from pathlib import Path

from local.paths import CHECKOUT
from tests.gateway.api import Api

CONFIG = Path(__file__).with_name("schemathesis.toml")
SHORT = ("--seed", "1", "--generation-deterministic", "--max-examples", "20")


async def prepare(api: Api) -> str:
    """Make what the requests can find, by the names in the configuration; return a viewer's token for it."""
    await api.stream(stream_id="cup-final")
    await api.stream(stream_id="warm-up")
    await api.poll("cup-final", poll_id="man-of-the-match", allow_change=True, allow_withdraw=True)
    for best in ("goal", "save", "foul"):
        await api.poll("cup-final", poll_id=f"{best}-of-the-match")
    return await api.token("cup-final")


def run(url: str, api_key: str, token: str, folder: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    """Run schemathesis for so many seconds, or, with 0, a short while in which it always asks the same.

    Its exit status says whether every answer was as described, and what it prints, which was not. Files that it leaves
    go to `folder`.
    """
    options = ("--max-time", str(seconds)) if seconds else SHORT
    command = (
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "--no-color", "run",
        f"{url}/openapi.json", *options,
    )  # fmt: skip
    env = {**os.environ, "FUZZ_API_KEY": api_key, "FUZZ_TOKEN": token, "PYTHONPATH": str(CHECKOUT)}
    # Who waits long watches it.
    stdout = None if seconds else subprocess.PIPE
    return subprocess.run(command, env=env, cwd=folder, text=True, stdout=stdout, stderr=subprocess.STDOUT, check=False)
