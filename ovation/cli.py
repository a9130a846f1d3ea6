"""The `ovation` command: each module of `ovation.commands` is a command, its function of the same name."""

from importlib import import_module
from pkgutil import iter_modules

import typer

from ovation import commands

app = typer.Typer(
    help="Run Ovation and look after it: on this machine, or on the deployment that OVATION_* names.",
    no_args_is_help=True,
    add_completion=False,
    # A trace with local variables would print what they hold, secrets included.
    pretty_exceptions_show_locals=False,
)
for module in iter_modules(commands.__path__):
    app.command()(getattr(import_module(f"{commands.__name__}.{module.name}"), module.name))
