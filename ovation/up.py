"""What `ovation up`, `down` and `status` work on: the stack of a data folder, or those of its regions."""

from collections.abc import Collection
from pathlib import Path

from local import mirror
from local import regions as local_regions
from local.parts import processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.bring_up import bring_up
from ovation.errors import OvationError
from ovation.terminal import out


def stacks_of(
    data_dir: Path | None,
    ephemeral_ports: bool = False,
    regions: str | None = None,
    small: bool = False,
    redis_masters: int | None = None,
) -> list[Stack]:
    """Return the stack in a data folder, or that of each region which `regions` names or the folder has.

    Raises StackError when regions are named that the folder does not have, or a setting is malformed.
    """
    settings = read_settings(data_dir, ephemeral_ports and regions is None, small, redis_masters)
    names = local_regions.names(regions) if regions is not None else local_regions.remembered(settings.data_dir)
    if not names:
        stack = Stack(settings)
        if (small and stack.settings.memory_mb != settings.memory_mb) or (
            redis_masters is not None and stack.settings.redis_masters != redis_masters
        ):
            out.print("It keeps the size that it was started with: `ovation down` first, to give it another.")
        return [stack]
    found = local_regions.settings_of(names, data_dir, ephemeral_ports, small, redis_masters)
    local_regions.remember(settings.data_dir, names)
    local_regions.share_secrets(found)
    return [Stack(each) for each in found]


def start(stack: Stack, parts: Collection[str], jobs: bool) -> None:
    """Start `parts` of a stack, and its mirror if it has one. Raises OvationError; what has started then stays up."""
    names = processes_of(parts)
    if stack.settings.neighbours and "kafka" in parts:
        names.append(mirror.NAME)
    if all(stack.is_running(name) for name in names if name in stack.parts):
        out.print(f"The stack in {stack.settings.data_dir} is running already; what it lacks is added.", markup=False)
    try:
        bring_up(stack, names, jobs)
    except OvationError:
        if stack.supervisor.is_up():
            out.print("What has started stays up: `ovation down` stops it.")
        raise
