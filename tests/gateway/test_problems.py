import json

from gateway import problems
from gateway.refusal import Refused


def test_every_problem_is_an_error_with_a_sentence() -> None:
    for name, problem in problems.ALL.items():
        assert problem.name == name
        assert 400 <= problem.status < 600
        assert problem.about.endswith((".", "?"))


def test_titles_tell_them_apart() -> None:
    assert len({problem.title for problem in problems.ALL.values()}) == len(problems.ALL)


def test_body_has_the_members_of_rfc_9457() -> None:
    body = json.loads(Refused(problems.UNKNOWN_EMOJI, "No such emoji.", "counts").body("mine-1"))
    assert body == {
        "type": "/problems/unknown-emoji",
        "title": "Unknown emoji",
        "status": 422,
        "detail": "No such emoji.",
        "field": "counts",
        "request_id": "mine-1",
    }


def test_who_shall_wait_learns_how_long() -> None:
    assert Refused(problems.KAFKA_UNREACHABLE).headers()["retry-after"] == "1"
    assert Refused(problems.BAD_TOKEN).headers()["www-authenticate"] == "Bearer"
