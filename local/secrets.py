"""Secrets of an embedded stack: made once per data folder, readable by its owner only."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from local.errors import StackError
from ovation.data_dir import secrets_file

NAMES = ("api_key", "token_secret", "voter_secret")


@dataclass(frozen=True, slots=True)
class StackSecrets:
    """What the gateway is told at its start. The API key is for development on this machine."""

    api_key: SecretStr
    token_secret: SecretStr
    voter_secret: SecretStr


def load_or_create(root: Path) -> StackSecrets:
    """Return the secrets in `root`, making them on the first call.

    Raises StackError when the file is there but cannot be read: new secrets would make every voter a new voter.
    """
    path = secrets_file(root)
    if not path.exists():
        _write(path, {name: secrets.token_urlsafe(32) for name in NAMES})
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return StackSecrets(**{name: SecretStr(values[name]) for name in NAMES})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StackError(
            f"{path} cannot be read ({type(error).__name__}): restore it, or start a new data folder."
        ) from error


def _write(path: Path, values: dict[str, str]) -> None:
    """Write the file whole or not at all, and never readable by others, not even for a moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file)
    draft.replace(path)
