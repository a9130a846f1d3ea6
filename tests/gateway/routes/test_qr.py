"""QR codes of links, for broadcasters alone."""

import io
from xml.etree import ElementTree

import pytest
import segno

from gateway.routes.qr import MAX_TEXT_BYTES, drawing
from tests.gateway.api import Api

LINK = "https://live.example/watch/cup-final#invite=" + "eyJhbGciOiJIUzI1NiJ9." * 9
SVG = "{http://www.w3.org/2000/svg}"


def modules(svg: str) -> list[list[bool]]:
    """Return which modules of a drawing are dark, read from its lines: a quiet border of four, and the code."""
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    dark = [[False] * side for _ in range(side)]
    [line] = [path for path in root.iter(f"{SVG}path") if "stroke" in path.attrib]
    x, y = 0.0, 0.0
    for step in line.attrib["d"].replace("M", "|M").replace("m", "|m").replace("h", "|h").split("|")[1:]:
        numbers = [float(part) for part in step[1:].replace("-", " -").split()]
        match step[0]:
            case "M":
                x, y = numbers
            case "m":
                x, y = x + numbers[0], y + numbers[1]
            case _:
                for column in range(int(x), int(x + numbers[0])):
                    dark[int(y)][column] = True
                x += numbers[0]
    return dark


async def test_it_says_the_link(api: Api) -> None:
    answer = await api.call("POST", "/v1/qr", {"text": LINK})
    assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    wanted = [[bool(each) for each in row] for row in segno.make_qr(LINK, error="m").matrix_iter(border=4)]
    assert modules(answer.body) == wanted


async def test_only_a_broadcaster_who_may_write_tokens_has_one_drawn(api: Api) -> None:
    stream = await api.stream()
    assert (await api.call("POST", "/v1/qr", {"text": LINK}, token=None)).problem == "bad-api-key"
    assert (await api.call("POST", "/v1/qr", {"text": LINK}, await api.token(stream))).problem == "bad-api-key"
    key = (await api.call("POST", "/v1/keys", {"name": "reader", "scopes": ["read"]})).body["key"]
    answer = await api.call("POST", "/v1/qr", {"text": LINK}, key)
    assert (answer.problem, answer.body["field"]) == ("missing-scope", "tokens")


@pytest.mark.parametrize("text", ["", "x" * (MAX_TEXT_BYTES + 1), "ü" * (MAX_TEXT_BYTES // 2 + 1), 7, None])
async def test_what_no_code_says(api: Api, text: object) -> None:
    answer = await api.call("POST", "/v1/qr", {"text": text})
    assert (answer.problem, answer.body["field"]) == ("invalid-field", "text")


def test_every_text_in_bounds_fits_into_a_code() -> None:
    for text in ("x" * MAX_TEXT_BYTES, "🔥" * (MAX_TEXT_BYTES // 4), "1" * MAX_TEXT_BYTES):
        assert io.BytesIO(drawing(text)).read().startswith(b"<svg")
