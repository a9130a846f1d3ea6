"""`ovation doctor`: what is wrong, and what to do."""

from typing import Annotated

import typer

from ovation.commands.up import DataDir


def doctor(
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask every part of the deployment that OVATION_* names, or of the embedded stack, and say what is wrong, why it
    matters, and the command that mends it. Nothing is changed. The exit code is 1 when there is something to mend.

    Example: OVATION_GATEWAY_URL=http://gateway.example:8080 ovation doctor
    """
    import json
    import os

    from ovation.doctor.doctor import examine, find_place
    from ovation.doctor.view import document, lines
    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    if data_dir is not None:
        os.environ["OVATION_DATA_DIR"] = str(data_dir)
    with failures(OvationError):
        place = find_place()
    findings = examine(place)
    if as_json:
        typer.echo(json.dumps(document(place, findings), indent=2))
    else:
        for line in lines(place, findings):
            out.print(line, markup=False)
    if findings:
        raise typer.Exit(1)
