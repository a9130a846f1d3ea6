"""What is remembered of a session is certain, or said to be not."""

import asyncio

import pytest

from gateway.resend.session import KEPT_ANSWERS, Fate, Session


def test_what_was_never_taken_is_not_taken() -> None:
    session = Session(birth=1)
    assert session.find(7) is Fate.NOT_TAKEN
    session.keep(7, "seven")
    assert session.find(7) == "seven"
    assert (session.find(6), session.find(8)) == (Fate.NOT_TAKEN, Fate.NOT_TAKEN)
    assert session.last_id == 7


def test_of_what_was_forgotten_nothing_is_said() -> None:
    session = Session(birth=1)
    for frame_id in range(10, 10 + KEPT_ANSWERS + 2):
        session.keep(frame_id, str(frame_id))
    assert [session.find(frame_id) for frame_id in (9, 10, 11)] == [Fate.UNKNOWN] * 3
    assert session.find(12) == "12"
    assert session.memory().forgotten == 11


@pytest.mark.parametrize("packed", [False, True])
def test_packing_changes_nothing(packed: bool) -> None:
    session = Session(birth=1)
    for frame_id in range(KEPT_ANSWERS + 1):
        session.keep(frame_id, f"answer {frame_id}")
    if packed:
        session.pack()
        assert session._answers is None
    assert session.find(0) is Fate.UNKNOWN
    assert session.find(3) == "answer 3"
    session.keep(99, "last")
    assert session.find(1) is Fate.UNKNOWN
    assert len(session.memory().answers) == KEPT_ANSWERS


async def test_a_vote_waits_and_is_settled() -> None:
    session = Session(birth=1)
    awaited: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    session.keep(1, awaited)
    session.pack()
    assert session.find(1) is awaited
    assert session.memory().waiting == [1]
    session.settle(1, "receipt")
    assert (await awaited, session.find(1), session.waiting()) == ("receipt", "receipt", [])
    assert session.memory().answers == {1: "receipt"}


def test_a_session_that_has_left_is_small() -> None:
    session = Session(birth=1)
    for frame_id in range(KEPT_ANSWERS):
        session.keep(frame_id, f'{{"type":"ack","id":{frame_id},"counted":3,"window":1763800125000}}')
    session.pack()
    assert session._packed is not None
    assert len(session._packed) < 300
