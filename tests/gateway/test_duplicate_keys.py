import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decoding import decode
from gateway.duplicate_keys import DuplicateKeyError, refuse_duplicate_keys
from gateway.refusal import Refused


@pytest.mark.parametrize(
    "raw",
    [
        '{"counts": {"🔥": 1}, "counts": {"🔥": 2}}',
        '{"counts": {"🔥": 1, "🔥": 2}}',
        '{"a": [{"b": {"c": 1, "c": 2}}]}',
        # The same key in two spellings.
        '{"counts": 1, "\\u0063ounts": 2}',
        '{"\\u0063ounts": 1, "counts": 2}',
        f'{{"a": {"9" * 10_000}, "a": 1}}',
    ],
)
@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_key_twice_is_refused(raw: str, as_bytes: bool) -> None:
    with pytest.raises(DuplicateKeyError):
        refuse_duplicate_keys(raw.encode() if as_bytes else raw)


@pytest.mark.parametrize(
    "raw", ['{"a": 1, "b": {"a": 1}}', '{"a": "a"}', '[{"a": 1}, {"a": 2}]', '{"a\\"": 1, "a": 2}', '"x"', "1", "{}"]
)
def test_the_same_text_elsewhere_is_not(raw: str) -> None:
    refuse_duplicate_keys(raw)
    refuse_duplicate_keys(raw.encode())


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES, st.booleans())
def test_what_was_written_from_values_has_none(value: object, ascii_only: bool) -> None:
    refuse_duplicate_keys(json.dumps(value, ensure_ascii=ascii_only))


@given(st.text(max_size=3), _VALUES, _VALUES, st.booleans(), st.booleans())
def test_a_key_written_twice_is_always_found(key: str, one: object, two: object, first: bool, second: bool) -> None:
    def member(value: object, ascii_only: bool) -> str:
        return f"{json.dumps(key, ensure_ascii=ascii_only)}: {json.dumps(value)}"

    with pytest.raises(DuplicateKeyError) as caught:
        refuse_duplicate_keys(f'[{{{member(one, first)}, "": 0, {member(two, second)}}}]')
    assert caught.value.key in {key, ""}


def test_the_problem_names_the_key() -> None:
    decoder = msgspec.json.Decoder(dict[str, int])
    with pytest.raises(Refused) as refused:
        decode('{"🔥": 1, "🔥": 2}', decoder)
    assert (refused.value.problem.name, refused.value.field) == ("duplicate-key", "🔥")
