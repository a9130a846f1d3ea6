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


def test_a_region_that_is_silent_and_one_whose_clock_is_off() -> None:
    place = Place(Addresses())
    text = """# TYPE ovation_gateway_region_silent_seconds gauge
ovation_gateway_region_silent_seconds{region="us"} %s
# TYPE ovation_gateway_region_clock_seconds gauge
ovation_gateway_region_clock_seconds{region="us"} %s
"""
    assert gateway._numbers(place, text % (2.1, -0.2)) == []
    silent, apart = gateway._numbers(place, text % (45, -3.2))
    assert silent.what == "Nothing has been heard of region us for 45 s."
    assert apart.what == "The clock of region us is -3.2 s off this gateway's."
