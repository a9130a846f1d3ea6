import pytest

from gateway import problems
from tests.gateway.api import Api

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/problems", "/problems/unknown-poll"])
async def test_a_browser_gets_a_page_that_runs_no_script(api: Api, path: str) -> None:
    answer = await api.call("GET", path, token=None, headers=BROWSER)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy
    assert answer.headers["vary"] == "accept"
    again = await api.call("GET", path, token=None, headers={**BROWSER, "if-none-match": answer.headers["etag"]})
    assert again.status == 304
    assert "The stream has no poll with this id." in answer.body


async def test_a_program_gets_json(api: Api) -> None:
    answer = await api.call("GET", "/problems/unknown-poll", token=None)
    assert answer.body == {
        "type": "/problems/unknown-poll",
        "title": "Unknown poll",
        "status": 404,
        "about": "The stream has no poll with this id.",
        "advice": "Check the poll's id; viewers do not see a draft.",
        "example": {
            "type": "/problems/unknown-poll",
            "title": "Unknown poll",
            "status": 404,
            "detail": "The stream has no poll with this id.",
        },
    }


async def test_all_of_them_are_listed(api: Api) -> None:
    answer = await api.call("GET", "/problems", token=None)
    assert {each["type"] for each in answer.body["problems"]} == {each.type for each in problems.ALL.values()}


async def test_a_problem_that_there_is_not(api: Api) -> None:
    assert (await api.call("GET", "/problems/no-such", token=None, headers=BROWSER)).problem == "not-found"
