"""What all programs with Quix Streams have in common."""

from argparse import Namespace
from uuid import uuid4

from quixstreams import Application


def application(given: Namespace) -> Application:
    """Return an application that reads from the beginning, in a group of its own: a program may be run again."""
    return Application(
        broker_address=given.bootstrap,
        consumer_group=f"quix-{uuid4()}",
        auto_offset_reset="earliest",
        commit_interval=given.commit_s,
        state_dir=given.state_dir,
        loglevel="WARNING",
    )
