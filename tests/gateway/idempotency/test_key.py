from typing import Any

import pytest

from gateway.idempotency.key import fingerprint, key_of
from gateway.refusal import Refused


def scope(*keys: bytes, **changes: Any) -> dict[str, Any]:
    headers = [(b"host", b"x"), *((b"idempotency-key", key) for key in keys)]
    return {"method": "POST", "path": "/v1/streams", "query_string": b"", "headers": headers, **changes}


def test_the_key_of_a_request() -> None:
    assert key_of(scope()) is None
    assert key_of(scope(b"a b~")) == b"a b~"
    assert key_of(scope(b"x" * 255)) == b"x" * 255


@pytest.mark.parametrize("keys", [[b""], [b"x" * 256], [b"a\tb"], ["ü".encode()], [b"\x7f"], [b"a\n"], [b"a", b"a"]])
def test_a_bad_key(keys: list[bytes]) -> None:
    with pytest.raises(Refused) as refused:
        key_of(scope(*keys))
    assert refused.value.problem.name == "bad-idempotency-key"


def test_a_fingerprint_tells_requests_apart() -> None:
    requests = [
        (scope(), b"{}"),
        (scope(method="DELETE"), b"{}"),
        (scope(path="/v1/stream"), b"{}"),
        (scope(query_string=b"a=1"), b"{}"),
        (scope(path="/v1/streams?a=1"), b"{}"),
        (scope(), b"{ }"),
        (scope(), b""),
    ]
    assert len({fingerprint(*request) for request in requests}) == len(requests)
    assert fingerprint(scope(b"one"), b"{}") == fingerprint(scope(b"two"), b"{}")
