"""What all commands do with the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
"""Answers."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Progress and failures, apart from answers that a program may read."""


@contextmanager
def failures(*kinds: type[Exception]) -> Iterator[None]:
    """Turn the named failures, whose text is a sentence for a person, into that sentence and exit code 1."""
    try:
        yield
    except kinds as failure:
        err.print(str(failure), markup=False, style="red")
        raise typer.Exit(1) from failure
