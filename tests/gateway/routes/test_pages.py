import re

import pytest

from gateway.page_files import FILES, VERSION, address_of
from tests.gateway.api import Api


async def test_the_viewers_page_runs_only_its_own_scripts(api: Api) -> None:
    answer = await api.call("GET", "/watch/cup", token=None)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_page_is_asked_for_again_and_kept_for_seconds_by_a_cdn(api: Api) -> None:
    answer = await api.call("GET", "/watch/cup", token=None)
    assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=10, must-revalidate"
    again = await api.call("GET", "/watch/cup", token=None, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, "")


async def test_whoever_has_a_page_gets_files_of_its_version_and_keeps_them(api: Api) -> None:
    page = await api.call("GET", "/watch/cup", token=None)
    named = re.findall(r'"(/assets/[^"]+)"', page.body)
    assert len(named) > 5
    for address in named:
        answer = await api.call("GET", address, token=None)
        assert answer.status == 200, address
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = await api.call("GET", address, token=None, headers={"if-none-match": answer.headers["etag"]})
        assert again.status == 304
    [version] = {address.split("/")[2] for address in named}
    other = await api.call("GET", f"/assets/{version[::-1]}/watch/watch.js", token=None)
    assert (other.problem, other.headers["cache-control"]) == ("not-found", "public, max-age=1")


def test_files_name_each_other_relative_to_themselves() -> None:
    for name, file in FILES.items():
        assert file.is_page or not re.search(rb"""(import|from|url)\W+/assets/""", file.body), name


async def test_an_address_without_a_version_leads_to_the_newest(api: Api) -> None:
    answer = await api.call("GET", "/assets/watch/watch.js", token=None, allow_redirects=False)
    assert (answer.status, answer.headers["location"]) == (307, address_of("watch/watch.js"))
    assert "s-maxage=10" in answer.headers["cache-control"]
    followed = await api.call("GET", "/assets/watch/watch.js", token=None)
    assert followed.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    [
        "none.js",
        "watch/none.js",
        "watch/watch.html",
        "problems/one.template",
        "..%2Fsettings.py",
        "../settings.py",
        "../../app.py",
        "%2e%2e/app.py",
        "",
    ],
)
async def test_nothing_else_is_served(api: Api, name: str) -> None:
    for address in (name, f"{VERSION}/{name}"):
        assert (await api.call("GET", f"/assets/{address}", token=None)).problem == "not-found", address
