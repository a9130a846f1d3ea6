import re

from gateway.receipts.ulids import Ulids


def test_is_a_ulid() -> None:
    ulid = Ulids().new(1_763_800_000_123)
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", ulid)


def test_begins_with_its_time() -> None:
    """01ARZ3NDEK is 1469922850259 in the ULID specification's own example."""
    assert Ulids().new(1_469_922_850_259).startswith("01ARZ3NDEK")


def test_sorts_by_time() -> None:
    ulids = Ulids()
    written = [ulids.new(at) for at in (1_000_000_000_000, 1_000_000_000_001, 1_763_800_000_000, 9_999_999_999_999)]
    assert written == sorted(written)


def test_those_of_one_millisecond_sort_in_their_order_and_differ() -> None:
    ulids = Ulids()
    written = [ulids.new(1_763_800_000_000) for _ in range(1_000)]
    assert written == sorted(set(written))


def test_two_gateways_do_not_write_the_same() -> None:
    assert Ulids().new(1_763_800_000_000) != Ulids().new(1_763_800_000_000)
