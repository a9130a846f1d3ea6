"""JSON Schemas of the types that routes name. Each type is one component of the document."""

from typing import Any

import msgspec

_REF = "#/components/schemas/{name}"
_types: set[Any] = set()


def of(of_type: Any) -> dict[str, Any]:
    """Return the schema of a type, and remember the type for `components`."""
    _types.add(of_type)
    (schema,), _ = msgspec.json.schema_components([of_type], ref_template=_REF)
    return schema


def components() -> dict[str, Any]:
    """Return the schemas that all of those refer to, by name."""
    _, found = msgspec.json.schema_components(_types, ref_template=_REF)
    return found
