import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ovation.addresses import Addresses
from ovation.verify import stream
from ovation.verify.stream import NotYetError, Verifier

AGREES = SimpleNamespace(agrees=True, waited_s=0.0)


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> Verifier:
    monkeypatch.setattr(stream, "Stores", lambda _: None)
    monkeypatch.setattr(stream, "POLL_S", 0.0)
    return Verifier(Addresses())


async def verify(verifier: Verifier, wait_s: float) -> object:
    async with asyncio.timeout(5):
        return await verifier.verify("cup", None, wait_s)


async def test_a_store_that_still_loads_is_asked_again(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [NotYetError("loading"), NotYetError("loading"), AGREES]

    async def compare(*_: object) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return cast(object, answer)

    monkeypatch.setattr(verifier, "_compare", compare)
    assert await verify(verifier, 60) is AGREES


async def test_one_that_loads_for_too_long_is_said_not_to_answer(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def compare(*_: object) -> object:
        raise NotYetError("loading")

    monkeypatch.setattr(verifier, "_compare", compare)
    with pytest.raises(NotYetError):
        await verify(verifier, 0.05)
