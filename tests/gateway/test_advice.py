from gateway import problems
from gateway.advice import ADVICE


def test_every_problem_says_what_to_do() -> None:
    assert ADVICE.keys() == set(problems.ALL.values())
    assert all(advice.endswith(".") for advice in ADVICE.values())
