"""Several regions on one machine: a whole stack for each, in folders of one data folder, that know of each other."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts import regions
from local.errors import StackError
from local.secrets import load_or_create
from local.settings import PORTS, StackSettings, ephemeral, read_settings
from ovation.data_dir import regions_file, secrets_file

PORTS_APART = 100
"""Each region listens so far above the one before it."""


def names(text: str) -> list[str]:
    """Return the regions that a list names, separated by commas.

    Raises StackError when there are fewer than two, one is named twice, or a name is malformed.
    """
    found = [name.strip() for name in text.split(",")]
    try:
        regions.read(",".join(f"{name}=http://{name}.invalid" for name in found))
    except ValueError as error:
        raise StackError(f"{error}: --regions takes a list such as eu,us.".capitalize()) from error
    if len(found) < 2:
        raise StackError("One region needs no list of them: leave --regions out, or name two or more, such as eu,us.")
    return found


def settings_of(
    found: Sequence[str],
    data_dir: Path | None,
    ephemeral_ports: bool,
    small: bool = False,
    redis_masters: int | None = None,
) -> list[StackSettings]:
    """Return the settings of a stack for each region. Raises StackError when a setting is malformed."""
    base = read_settings(data_dir, small=small, redis_masters=redis_masters)
    ports = dict(zip(found, _ports(base, len(found), ephemeral_ports), strict=True))
    urls = {name: f"http://127.0.0.1:{own['gateway_port']}" for name, own in ports.items()}
    kafka = {name: f"127.0.0.1:{own['kafka_port']}" for name, own in ports.items()}
    return [
        base.model_copy(
            update={
                **own,
                "data_dir": base.data_dir / name,
                "region": name,
                "regions": regions.write(urls),
                "neighbours": {other: address for other, address in kafka.items() if other != name},
            }
        )
        for name, own in ports.items()
    ]


def _ports(base: StackSettings, count: int, ephemeral_ports: bool) -> list[dict[str, Any]]:
    if ephemeral_ports:
        return ephemeral(base.redis_masters, count)
    return [
        {
            **{name: getattr(base, name) + place * PORTS_APART for name in PORTS},
            "more_redis_ports": tuple(port + place * PORTS_APART for port in base.more_redis_ports),
        }
        for place in range(count)
    ]


def share_secrets(found: Sequence[StackSettings]) -> None:
    """Give all regions the secrets of the first: a token is good, and a voter the same, in every one of them."""
    first, *others = (settings.data_dir for settings in found)
    load_or_create(first)
    for folder in others:
        if not secrets_file(folder).exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(secrets_file(first), secrets_file(folder))


def remember(root: Path, found: Sequence[str]) -> None:
    """Write down which regions the data folder has. Raises StackError where it has others."""
    before = remembered(root)
    if before and list(before) != list(found):
        raise StackError(f"{root} has the regions {', '.join(before)}: start these, or take another --data-dir.")
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    regions_file(root).write_text(json.dumps(list(found)), encoding="utf-8")


def remembered(root: Path) -> list[str]:
    """Return the regions of the data folder, none where it is the folder of one stack."""
    if not regions_file(root).exists():
        return []
    found: list[str] = json.loads(regions_file(root).read_text(encoding="utf-8"))
    return found
