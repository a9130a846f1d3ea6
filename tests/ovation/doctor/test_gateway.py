import pytest

from ovation.addresses import Addresses
from ovation.doctor import gateway
from ovation.doctor.place import Place


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ovation_gateway_recount_mismatch", "differs from the live tally"),
        ("ovation_gateway_taps_uncertain_total", "never confirmed"),
        ("ovation_gateway_name_taken", "Another gateway goes by its name"),
    ],
)
def test_numbers_that_are_never_zero_when_all_is_well(name: str, says: str) -> None:
    place = Place(Addresses())
    assert gateway._numbers(place, f"# TYPE {name.removesuffix('_total')} unknown\n{name} 0.0\n") == []
    [finding] = gateway._numbers(place, f"# TYPE {name.removesuffix('_total')} unknown\n{name} 2.0\n")
    assert says in finding.what
    assert finding.mend
