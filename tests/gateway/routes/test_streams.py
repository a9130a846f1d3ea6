from tests.gateway.api import Api


async def test_ending_a_stream_ends_its_polls(three: list[Api]) -> None:
    api, other, _ = three
    stream = await api.stream()
    polls = {status: await api.poll(stream, open=False) for status in ("draft", "open", "paused", "closed")}
    polls["cancelled"] = await api.poll(stream, open=False)
    for status, steps in {"open": ["open"], "paused": ["open", "pause"], "closed": ["open", "close"]}.items():
        for step in steps:
            await api.step(stream, polls[status], step)
    await api.step(stream, polls["cancelled"], "cancel")
    await other.until_status(stream, polls["cancelled"], "cancelled")
    ended = await other.call("POST", f"/v1/streams/{stream}/end")
    assert (ended.status, ended.body["status"]) == (200, "ended")
    after = {"draft": "cancelled", "open": "closed", "paused": "closed", "closed": "closed", "cancelled": "cancelled"}
    for before, poll in polls.items():
        for each in (other, api):
            await each.until_status(stream, poll, after[before])
    again = await api.call("POST", f"/v1/streams/{stream}/end")
    assert again.body == ended.body


async def test_an_ended_stream_has_no_new_polls_and_no_new_life_in_old_ones(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    await api.call("POST", f"/v1/streams/{stream}/end")
    body = {"question": "Q?", "options": ["a", "b"]}
    assert (await api.call("POST", f"/v1/streams/{stream}/polls", body)).problem == "ended-stream"
    for call in (api.step(stream, poll, "open"), api.step(stream, poll, "pause"), api.edit(stream, poll, {})):
        assert (await call).problem == "ended-stream"
    assert (await api.step(stream, poll, "cancel")).body["status"] == "cancelled"


async def test_a_creation_that_is_repeated_with_its_key_makes_one_stream(three: list[Api]) -> None:
    body = {"title": "Once", "emojis": ["🔥"]}
    headers = {"idempotency-key": "once-and-for-all"}
    answers = [await api.call("POST", "/v1/streams", body, headers=headers) for api in three]
    assert [answer.status for answer in answers] == [201] * 3
    assert len({answer.body["stream_id"] for answer in answers}) == 1
