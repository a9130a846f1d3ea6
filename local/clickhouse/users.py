"""Who asks. No name is refused and no password checked, but one user can only read, as on a full server."""

import base64
import binascii
from collections.abc import Mapping

READER = "ovation_reader"
"""The user of whoever only reads: gateways and dashboards. `sql/server/` makes it on a full server."""


def user_of(headers: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    """Return the user that a request names, in any of the ways in which ClickHouse lets it; else `default`."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return headers.get("x-clickhouse-user") or parameters.get("user") or "default"
