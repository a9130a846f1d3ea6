"""`ovation verify`: whether live, history, screens and final results say the same of a stream."""

from pathlib import Path
from typing import Annotated

import typer


def verify(
    stream: Annotated[str, typer.Argument(metavar="STREAM", help="The stream's id.")],
    ledger: Annotated[
        Path | None, typer.Option(help="A ledger of `ovation audience` or `ovation crowd`, as one more account.")
    ] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds that history may be behind.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold live (Redis), history (ClickHouse) and the gateway's snapshot against each other, number by number, and all
    of them against the results that are final.

    The exit code is 1 when they differ.

    Example: ovation verify demo
    """
    import asyncio
    import json

    from ovation.addresses import find_addresses
    from ovation.audience.ledger import Ledger
    from ovation.errors import OvationError
    from ovation.terminal import failures, out
    from ovation.verify.stream import Verifier

    with failures(OvationError):
        promised = Ledger.read(ledger).streams.get(stream) if ledger else None
        if ledger and promised is None:
            raise OvationError(f"The ledger {ledger} has no stream {stream}.")
        with Verifier(find_addresses()) as verifier:
            verdict = asyncio.run(verifier.verify(stream, promised, wait))
    if as_json:
        typer.echo(json.dumps(verdict.members(), ensure_ascii=False))
    else:
        if verdict.differences:
            out.print(verdict.table())
        for sentence in verdict.not_adding_up:
            out.print(sentence, markup=False)
        out.print(verdict.sentence(), markup=False)
    if not verdict.agrees:
        raise typer.Exit(1)
