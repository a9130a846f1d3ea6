"""A viewer with gateways that answer, refuse, fall silent and break off."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from local.ports import free_ports
from ovation.client import (
    Live,
    MalformedAnswerError,
    NotSentError,
    ProblemError,
    QueueFullError,
    TapsOutcome,
    UnansweredError,
    Vote,
    connect,
)
from ovation.client import exchange as exchanges
from ovation.client.backoff import Backoff
from tests.ovation.client.gateway_stand_in import (
    DEADLINE_S,
    HANG_UP,
    SOCKET,
    Answer,
    Frame,
    LiveGateway,
    gateway,
    no,
    taken,
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "next", lambda self: 0.001)


@asynccontextmanager
async def watching(*gateways: LiveGateway, **wishes: Any) -> AsyncIterator[Live]:
    """Connect to the first of the gateways, or to the next where it is away."""
    async with AsyncExitStack() as stack, asyncio.timeout(DEADLINE_S):
        urls = [str((await stack.enter_async_context(gateway(SOCKET, each.serve))).make_url("")) for each in gateways]
        async with connect("s", "token", urls=urls, moment_ms=1, **wishes) as live:
            await live.ready()
            yield live


def once(first: Answer, then: Any = taken) -> Any:
    """Answer the first frame so, and every other one as `then` does."""
    answers: Iterator[Answer] = iter([first])

    def hear(frame: Frame) -> Answer:
        for answer in answers:
            return answer
        return then(frame)  # type: ignore[no-any-return]

    return hear


async def told(live: Live, event: Any, wanted: Any = lambda *news: True) -> Any:
    """Return what is told next of an event, of that which is wanted."""
    heard: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def listener(*news: Any) -> None:
        if not heard.done() and wanted(*news):
            heard.set_result(news[0] if len(news) == 1 else news)

    off = live.on(event, listener)
    try:
        return await heard
    finally:
        off()


async def test_the_picture_rises_with_what_is_shown() -> None:
    gate = LiveGateway()
    async with watching(gate) as live:
        assert (live.picture.title, live.picture.watching, live.state) == ("Title", 1, "live")
        rising = asyncio.ensure_future(told(live, "picture", lambda picture, rises: rises))
        await asyncio.sleep(0)
        await gate.show({"type": "presence", "stream_id": "s", "watching": 7, "as_of": 2})
        await gate.show({**gate.picture["reactions"], "totals": {"🔥": 3}})
        picture, rises = await rising
    assert (picture.totals, rises, picture.watching) == ({"🔥": 3}, {"🔥": 3}, 7)


async def test_taps_of_a_moment_go_out_as_one_frame() -> None:
    gate = LiveGateway()
    async with watching(gate) as live:
        told_taps = asyncio.ensure_future(told(live, "taps"))
        await asyncio.sleep(0)
        live.tap("🔥")
        live.tap("👏", 2)
        live.tap("🔥")
        assert await told_taps == TapsOutcome({"🔥": 2, "👏": 2})
    assert gate.heard == [{"type": "react", "id": 1, "counts": {"🔥": 2, "👏": 2}}]


async def test_who_taps_too_fast_is_told_what_counts() -> None:
    gate = LiveGateway(hear=lambda frame: {"type": "ack", "counted": 1, "window": 1, "counts": {"🔥": 1}})
    async with watching(gate) as live:
        told_taps = asyncio.ensure_future(told(live, "taps"))
        await asyncio.sleep(0)
        live.tap("🔥", 3)
        assert await told_taps == TapsOutcome({"🔥": 1}, {"🔥": 2})


async def test_a_vote_is_pending_and_then_counted() -> None:
    async with watching(LiveGateway()) as live:
        states: list[tuple[str, str]] = []
        live.on("vote", lambda poll_id, vote: states.append((poll_id, vote.state)))
        assert await live.vote("p", ["1"]) == live.votes["p"] == Vote(("1",), "counted", "R1")
        assert (await live.withdraw("p")).choices == ()
    assert states == [("p", "pending"), ("p", "counted")] * 2


async def test_a_refused_change_leaves_the_earlier_vote() -> None:
    gate = LiveGateway()
    async with watching(gate) as live:
        first = await live.vote("p", ["1"])
        gate.hear = lambda frame: no("late-vote", 409, receipt="L")
        with pytest.raises(ProblemError) as caught:
            await live.vote("p", ["2"])
        vote = live.votes["p"]
    assert (vote.state, vote.receipt, vote.problem, vote.earlier) == ("refused", "L", caught.value, first)
    assert caught.value.title == "late-vote"


async def test_what_was_not_answered_is_sent_again_with_its_id_and_where_it_was() -> None:
    one, other = LiveGateway("one", once(HANG_UP, lambda frame: None)), LiveGateway("other")
    async with watching(one, other) as live:
        counted, vote = await asyncio.gather(live.react({"🔥": 1}), live.vote("p", ["1"]))
        assert (counted.counted, vote.receipt, live.connections) == (1, "R2", 2)
        await live.react({"🔥": 1})
    assert [(frame["id"], frame.get("sent_to")) for frame in other.heard] == [(1, ["one"]), (2, ["one"]), (3, None)]
    assert one.sessions == other.sessions


async def test_after_eight_gateways_taps_are_not_sent_again() -> None:
    gates = [LiveGateway(f"edge-{number}", lambda frame: HANG_UP) for number in range(9)]
    async with watching(*gates) as live:
        with pytest.raises(UnansweredError):
            await live.react({"🔥": 1})
    assert [len(gate.heard) for gate in gates] == [1] * 9
    assert gates[8].heard[0]["sent_to"] == [f"edge-{number}" for number in range(8)]


async def test_a_gateway_without_a_name_cannot_be_asked_about_taps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "WELCOME_S", 0.01)
    gate = LiveGateway(None, once(HANG_UP))
    async with watching(gate) as live:
        tapping, voting = asyncio.ensure_future(live.react({"🔥": 1})), asyncio.ensure_future(live.vote("p", ["1"]))
        with pytest.raises(UnansweredError):
            await tapping
        assert (await voting).receipt == "R2"
    assert [frame["type"] for frame in gate.heard if "react" in frame["type"]] == ["react"]


async def test_what_is_said_without_a_connection_is_sent_once_there_is_one_and_taps_together() -> None:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    gate = LiveGateway()
    async with asyncio.timeout(DEADLINE_S), connect("s", "token", urls=[url], moment_ms=1) as live:
        live.tap("🔥")
        voting = asyncio.ensure_future(live.vote("p", ["1"]))
        await asyncio.sleep(0.02)
        live.tap("🔥", 2)
        await asyncio.sleep(0.02)
        assert live.state == "connecting"
        assert live.votes["p"].state == "pending"
        async with gateway(SOCKET, gate.serve, port):
            assert (await voting).state == "counted"
            await live.close()
    assert {frame["type"]: frame.get("counts") for frame in gate.heard} == {"vote": None, "react": {"🔥": 3}}


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    async with connect("s", "token", urls=[url], moment_ms=0, room=2) as live:
        for poll in ("p", "q"):
            live.cast(poll, ["1"])
        told_taps = asyncio.ensure_future(told(live, "taps"))
        await asyncio.sleep(0)
        live.tap("🔥")
        assert isinstance((await told_taps).problem, QueueFullError)
        with pytest.raises(QueueFullError, match="2 frames"):
            await live.vote("r", ["1"])
        assert list(live.votes) == ["p", "q"]
        await live.close(0)


async def test_a_no_that_passes_is_waited_out() -> None:
    gate = LiveGateway(hear=once(no("rate-limited", 429, retry_after_s=0.01)))
    async with watching(gate) as live:
        assert (await live.react({"🔥": 1})).counted == 1
        gate.hear = once(no("kafka-unreachable", 503, retry_after_s=0.05))
        sending = live.cast("p", ["1"])
        assert (await sending.answer).receipt == "R4"
        (first_s,), (second_s,) = sending.doubts_s, sending.tries_s
        assert second_s - first_s > 0.05
    assert [frame["id"] for frame in gate.heard] == [1, 2, 3, 4]


async def test_taps_that_may_have_counted_keep_their_id_when_they_are_put_off() -> None:
    one, other = LiveGateway("one", lambda frame: HANG_UP), LiveGateway("other", once(no("rate-limited", 429)))
    third = LiveGateway("third")
    async with watching(one, other, third) as live:
        assert (await live.react({"🔥": 1})).counted == 1
    assert [(frame["id"], frame["sent_to"]) for frame in third.heard] == [(1, ["one", "other"])]


async def test_taps_that_may_have_counted_before_they_were_refused_unseen_are_uncertain() -> None:
    one, other = LiveGateway("one", lambda frame: HANG_UP), LiveGateway("other", lambda _: no("expired-token", 401))
    async with watching(one, other) as live:
        with pytest.raises(UnansweredError, match="expired-token"):
            await live.react({"🔥": 1})


async def test_a_vote_that_was_put_off_does_not_overtake_a_newer_one() -> None:
    gate = LiveGateway(hear=once(None))
    async with watching(gate) as live:
        older = live.cast("p", ["1"])
        await gate.until(lambda: len(gate.heard) == 1)
        newer = await live.vote("p", ["2"])
        await gate.show({**no("rate-limited", 429), "id": 1})
        with pytest.raises(ProblemError, match="rate-limited"):
            await older.answer
        assert live.votes["p"] == newer
    assert [frame.get("choices") for frame in gate.heard] == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("answer", "name"), [(no("uncertain-taps", 409), "uncertain-taps"), (no("ended-stream", 409), "ended-stream")]
)
async def test_a_no_that_stays_is_told_with_the_taps(answer: Frame, name: str) -> None:
    async with watching(LiveGateway(hear=lambda frame: answer)) as live:
        told_taps = asyncio.ensure_future(told(live, "taps"))
        await asyncio.sleep(0)
        live.tap("🔥", 2)
        outcome = await told_taps
    assert (outcome.counted, outcome.uncounted, outcome.problem.name) == ({}, {"🔥": 2}, name)
    assert outcome.problem.nothing_done is (name != "uncertain-taps")


async def test_a_gateway_that_does_not_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "LOOK_S", 0.01)
    monkeypatch.setattr(exchanges, "ANSWER_S", 0.05)
    silent, other = LiveGateway("silent", lambda frame: None), LiveGateway("other")
    async with watching(silent, other) as live:
        assert (await live.react({"🔥": 1})).counted == 1
    assert other.heard[0]["sent_to"] == ["silent"]


async def test_taps_that_nobody_remembers_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "LOOK_S", 0.01)
    monkeypatch.setattr(exchanges, "TAPS_S", 0.02)
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    async with asyncio.timeout(DEADLINE_S), connect("s", "token", urls=[url]) as live:
        live.cast("p", ["1"])
        with pytest.raises(NotSentError):
            await live.react({"🔥": 1})
        assert live.votes["p"].state == "pending"
        await live.close(0)
    async with watching(LiveGateway(hear=lambda frame: None)) as live:
        with pytest.raises(UnansweredError):
            await live.react({"🔥": 1})


@pytest.mark.parametrize(
    ("code", "reason", "problem"),
    [
        (4401, "expired-token", (401, "expired-token", "The token's time is over")),
        (4404, "", (404, "unknown-stream", "No stream has this id.")),
    ],
)
async def test_a_final_code_stops_it_and_says_why(code: int, reason: str, problem: tuple[int, str, str]) -> None:
    gate = LiveGateway(hear=lambda frame: None)
    async with watching(gate) as live:
        stopping = asyncio.ensure_future(told(live, "state"))
        voting = asyncio.ensure_future(live.vote("p", ["1"]))
        await gate.until(lambda: len(gate.heard) == 1)
        await gate.close(code, reason)
        state, why = await stopping
        assert (state, (why.status, why.name, why.detail.partition(":")[0])) == ("stopped", problem)
        with pytest.raises(UnansweredError):
            await voting
        with pytest.raises(ProblemError, match=problem[1]):
            await live.vote("p", ["1"])
        with pytest.raises(ProblemError):
            await live.stopped()


@pytest.mark.parametrize("code", [1001, 1013, 4409, 4429, 4503, 4999])
async def test_after_every_other_code_it_comes_back(code: int) -> None:
    gate = LiveGateway()
    async with watching(gate) as live:
        states: list[str] = []
        live.on("state", lambda state, problem: states.append(state))
        await gate.close(code)
        while live.connections < 2 or live.state != "live":
            await told(live, "state")
    assert states[:2] == ["reconnecting", "live"]


async def test_a_refused_handshake_is_explained_by_its_problem() -> None:
    body = {"type": "/problems/foreign-token", "title": "Token of another stream", "detail": "Not for this."}
    gate = LiveGateway()
    gate.refuse = lambda: web.json_response(body, status=403)
    with pytest.raises(ProblemError, match="Not for this") as caught:
        async with watching(gate):
            pass
    assert (caught.value.name, caught.value.title) == ("foreign-token", "Token of another stream")


async def test_a_proxy_s_refusal_has_no_problem_to_explain_it() -> None:
    gate = LiveGateway()
    gate.refuse = lambda: web.Response(status=403, text="<html>")
    with pytest.raises(ProblemError, match="socket-refused"):
        async with watching(gate):
            pass


async def test_who_is_busy_is_asked_again() -> None:
    gate = LiveGateway()

    async def busy_once(request: web.Request) -> web.StreamResponse:
        if not refused.is_set():
            refused.set()
            return web.Response(status=503, headers={"Retry-After": "0"})
        return await gate.serve(request)

    refused = asyncio.Event()
    async with (
        asyncio.timeout(DEADLINE_S),
        gateway(SOCKET, busy_once) as server,
        connect("s", "token", urls=[str(server.make_url(""))]) as live,
    ):
        await live.ready()


async def test_results_for_voters_are_asked_for_on_every_new_connection() -> None:
    gate = LiveGateway()
    poll = {"type": "poll", "stream_id": "s", "poll_id": "p", "status": "open", "options": [{"id": "1"}]}
    gate.picture["polls"] = [{**poll, "as_of": 1, "is_final": False, "results": "after_vote"}]
    async with watching(gate) as live:
        await live.vote("p", ["1"])
        await gate.close(1001)
        await gate.until(lambda: gate.heard[-1] == {"type": "show", "receipt": "R1"})


async def test_what_a_listener_raises_stops_it_and_is_raised() -> None:
    def bad(*news: object) -> None:
        raise LookupError("of the listener")

    with pytest.raises(LookupError):
        async with watching(LiveGateway()) as live:
            live.on("vote", bad)
            live.cast("p", ["1"])
            assert live.state == "stopped"


async def test_a_message_that_breaks_the_contract_stops_it() -> None:
    gate = LiveGateway()
    with pytest.raises(MalformedAnswerError):
        async with watching(gate) as live:
            await gate.show({"type": "reactions", "totals": {"🔥": "many"}})
            await live.stopped()


async def test_closing_waits_for_answers_and_then_gives_up() -> None:
    gate = LiveGateway()
    async with watching(gate) as live:
        live.tap("🔥")
    assert len(gate.heard) == 1
    gate.hear = lambda frame: None
    async with watching(gate) as live:
        sending = live.cast("p", ["1"])
        await gate.until(lambda: len(gate.heard) == 2)
        await live.close(0.01)
        with pytest.raises(UnansweredError):
            await sending.answer
        with pytest.raises(NotSentError):
            await live.vote("p", ["1"])


async def test_who_stops_waiting_for_taps_takes_them_back() -> None:
    gate = LiveGateway("one", lambda frame: None)
    async with watching(gate) as live:
        tapping = asyncio.ensure_future(live.react({"🔥": 1}))
        await gate.until(lambda: len(gate.heard) == 1)
        tapping.cancel()
        await asyncio.wait([tapping])
        await gate.close(1001)
        gate.hear = taken
        await live.vote("p", ["1"])
    assert [frame["type"] for frame in gate.heard] == ["react", "vote"]


@pytest.mark.parametrize(
    "wrong",
    [{"urls": []}, {"urls": "http://one"}, {"urls": ["one"]}, {"urls": ["http://one"], "interval_ms": 19}],
)
def test_what_no_gateway_would_take_is_not_sent(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        connect("s", "token", **wrong)


async def test_bounds_of_taps_and_votes() -> None:
    async with watching(LiveGateway()) as live:
        for count in (0, 1_001):
            with pytest.raises(ValueError):
                live.tap("🔥", count)
        with pytest.raises(ValueError):
            await live.vote("p", ["x" * 64] * 300)
        with pytest.raises(ValueError, match="no event"):
            live.on("moment", print)  # type: ignore[call-overload]
