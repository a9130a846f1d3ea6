"""`ovation status`: what runs of the embedded stack."""

from typing import Annotated, Any

import typer

from ovation.commands.up import DataDir


def status(
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with the stack's API key.")] = False,
) -> None:
    """Show each part of the embedded stack: up or down, process id, memory, address. The exit code is 1 when a part is
    down.

    Memory is what a part's processes and their children take; what several share counts once (PSS).

    Where there are regions, the JSON is an object of theirs by name.

    Example: ovation status --json
    """
    import json

    from local import status as stack_status
    from ovation.errors import OvationError
    from ovation.terminal import failures, out
    from ovation.up import stacks_of

    with failures(OvationError):
        found = {stack.settings.region: stack_status.status(stack) for stack in stacks_of(data_dir)}
    if as_json:
        typer.echo(json.dumps(found if len(found) > 1 else next(iter(found.values())), indent=2))
    else:
        for region, parts in found.items():
            if len(found) > 1:
                out.print(f"Region {region}", markup=False)
            for line in _lines(parts):
                out.print(line, markup=False)
    if not all(part["up"] for parts in found.values() for part in parts.values()):
        raise typer.Exit(1)


def _lines(found: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"  {'':<14} {'':<5} {'':<15} memory"]
    for name, part in found.items():
        lines.append(_line(name, part, part.get("url") or part.get("bootstrap", "")))
        if name == "flink":
            for taskmanager in part["taskmanagers"]:
                workers = ", ".join(map(str, taskmanager["python_workers"]))
                lines.append(_line("  taskmanager", taskmanager, f"Python workers {workers}" if workers else ""))
    together = [part["memory_mb"] for part in found.values() if part["memory_mb"] is not None]
    return [*lines, f"  {'all':<14} {'':<5} {'':<15} {_memory(sum(together) if together else None)}"]


def _line(name: str, part: dict[str, Any], rest: str) -> str:
    process = f"process {part['pid']}" if part["pid"] else ""
    up = "up" if part["up"] else "DOWN"
    return f"  {name:<14} {up:<5} {process:<15} {_memory(part['memory_mb']):<9} {rest}".rstrip()


def _memory(used_mb: int | None) -> str:
    return "-" if used_mb is None else f"{used_mb:,} MB"
