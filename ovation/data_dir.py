"""Names inside the data folder of an embedded stack that other commands read."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
DEFAULT = CHECKOUT / ".local" / "data"


def data_dir() -> Path:
    """Return the data folder that `OVATION_DATA_DIR` names, or the checkout's own."""
    return Path(os.environ.get("OVATION_DATA_DIR") or DEFAULT).expanduser().absolute()


def stack_file(root: Path) -> Path:
    """Addresses of the running stack, as JSON: the fields of `ovation.addresses.Addresses`. Gone when it is down."""
    return root / "stack.json"


def regions_file(root: Path) -> Path:
    """Names of the regions whose stacks are folders of this one, as a JSON array."""
    return root / "regions.json"


def secrets_file(root: Path) -> Path:
    """Secrets of the stack, as JSON, readable by its owner only."""
    return root / "secrets.json"
