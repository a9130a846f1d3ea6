"""What docker-compose.yml starts, for tests that hold it to what the project says elsewhere."""

from typing import Any

import yaml

from local.paths import CHECKOUT

COMPOSE = CHECKOUT / "docker-compose.yml"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
"""By name."""
