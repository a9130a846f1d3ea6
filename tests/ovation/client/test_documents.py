"""The example of `docs/clients.md` runs."""

import re

import pytest

from local.paths import CHECKOUT
from tests.ovation.client.gateway_stand_in import SOCKET, LiveGateway, gateway, no, taken


@pytest.fixture
def example() -> str:
    text = (CHECKOUT / "docs" / "clients.md").read_text()
    found = re.search(r"## Python\n.*?```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("is_refused", "last"), [(False, "counted, with the receipt R2"), (True, "closed-poll It is closed-poll.")]
)
async def test_the_example_taps_and_votes(
    example: str, is_refused: bool, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = LiveGateway(hear=lambda frame: no("closed-poll", 409) if is_refused and "choices" in frame else taken(frame))
    program: dict[str, object] = {}
    exec(compile(example, "docs/clients.md", "exec"), program)
    async with gateway(SOCKET, gate.serve) as server:
        await program["main"]("s", "token", "p", [str(server.make_url(""))])  # type: ignore[operator]
    said = capsys.readouterr().out.splitlines()
    assert {"1 {}", "counted {'🔥': 1} not {}"} <= set(said)
    assert last.replace("R2", f"R{_vote_id(gate)}") in said


def _vote_id(gate: LiveGateway) -> int:
    return next(int(frame["id"]) for frame in gate.heard if frame["type"] == "vote")
