from ovation.chaos.attempt import _EXAMPLES, _first


def test_a_record_names_as_many_findings_as_a_person_reads() -> None:
    found = [str(number) for number in range(_EXAMPLES)]
    assert _first(found) == found
    assert _first([*found, "x", "y"]) == [*found, "and 2 more"]
