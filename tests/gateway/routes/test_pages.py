import pytest

from tests.gateway.api import Api


async def test_the_viewers_page_runs_only_its_own_scripts(api: Api) -> None:
    answer = await api.call("GET", "/watch/cup", token=None)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_assets_are_asked_for_again_only_when_they_changed(api: Api) -> None:
    answer = await api.call("GET", "/assets/watch/watch.js", token=None)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    again = await api.call("GET", "/assets/watch/watch.js", headers={"if-none-match": answer.headers["etag"]})
    assert again.status == 304


@pytest.mark.parametrize(
    "name", ["none.js", "watch/none.js", "..%2Fsettings.py", "../settings.py", "../../app.py", "%2e%2e/app.py", ""]
)
async def test_nothing_else_is_served(api: Api, name: str) -> None:
    assert (await api.call("GET", f"/assets/{name}", token=None)).problem == "not-found"
