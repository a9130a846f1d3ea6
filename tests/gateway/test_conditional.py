from collections.abc import Container

import pytest
from starlette.requests import Request

from gateway.conditional import poll_etag, wanted_revisions


def wanted(*headers: str) -> Container[int] | None:
    found = [(b"if-match", header.encode()) for header in headers]
    return wanted_revisions(Request({"type": "http", "headers": found}))


@pytest.mark.parametrize("headers", [(), ("*",), ("",)])
def test_any_revision(headers: tuple[str, ...]) -> None:
    assert wanted(*headers) is None


@pytest.mark.parametrize(
    ("headers", "revisions"),
    [
        ((poll_etag(3, 17),), {3}),
        (('"3.0", "4.99"',), {3, 4}),
        (('"3.0"', '"5.1"'), {3, 5}),
        (('W/"3.0"',), set()),  # If-Match compares strongly.
        (('"3"',), set()),
        (("3.0",), set()),
        (('"x", "2.1"',), {2}),
        (('"' + "9" * 30 + '.0"',), set()),
    ],
)
def test_only_the_revision_counts(headers: tuple[str, ...], revisions: set[int]) -> None:
    assert wanted(*headers) == revisions
