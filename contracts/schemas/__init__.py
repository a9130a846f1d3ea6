"""JSON Schemas of the Kafka records, one file per topic: producers, consumers, bounds and examples."""

import json
from importlib.resources import files
from typing import Any


def load(topic: str) -> dict[str, Any]:
    """Return the schema of `topic` (`reactions`, `votes` or `control`), version 1."""
    text = files(__package__).joinpath(f"{topic}.v1.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
