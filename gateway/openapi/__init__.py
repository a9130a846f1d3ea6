"""The OpenAPI document: each route says what it is by type (`operation`), and `complete` makes a whole of it."""

from gateway.openapi.document import complete
from gateway.openapi.operation import operation

__all__ = ["complete", "operation"]
