import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import option_id, pack, unpack
from contracts.limits import MAX_OPTIONS

OPTIONS = [option_id(index) for index in range(MAX_OPTIONS)]


@given(st.sets(st.sampled_from(OPTIONS)))
def test_what_is_packed_comes_out_in_the_order_of_the_poll(chosen: set[str]) -> None:
    bits = pack(chosen)
    assert unpack(bits) == sorted(chosen, key=int)
    assert 0 <= bits < 2**53


@pytest.mark.parametrize("text", ["0", "51", "-1", "x", "", "1.5"])
def test_an_id_that_no_option_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        pack([text])
