"""`python -m ovation` is the `ovation` command."""

from ovation.cli import app

if __name__ == "__main__":
    app()
