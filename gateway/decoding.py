"""From bytes to a typed value, or to a problem that names the field. The same for HTTP bodies and socket frames."""

import re
from typing import TypeVar

import msgspec

from gateway import problems
from gateway.duplicate_keys import DuplicateKeyError, refuse_duplicate_keys
from gateway.refusal import Refused

T = TypeVar("T")

# msgspec says where in one of two ways: "… missing required field `title`" and "… - at `$.counts[...]`".
_MISSING = re.compile(r"missing required field `([^`]+)`")
_PATH = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")


def decode(raw: bytes | str, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the value. Raises Refused when `raw` is not JSON, has a key twice, or is not of the decoder's type."""
    try:
        value = decoder.decode(raw)
        # What a decoder skips it does not read as closely.
        if isinstance(raw, bytes):
            raw.decode()
        refuse_duplicate_keys(raw)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    except DuplicateKeyError as error:
        raise Refused(problems.DUPLICATE_KEY, field=error.key) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        # ValueError is text that is not UTF-8, or not JSON after all.
        raise Refused(problems.NOT_JSON) from error
    return value


def _invalid(message: str) -> Refused:
    missing, path = _MISSING.search(message), _PATH.search(message)
    # "[...]" stands for a value of a map, which the map's own name tells well enough.
    parts = [path.group(1).replace("[...]", "")] if path and path.group(1) else []
    if missing:
        parts.append(missing.group(1))
    detail = _PATH.sub("", message)
    return Refused(problems.INVALID_FIELD, f"{detail}.", field=".".join(parts) or None)
