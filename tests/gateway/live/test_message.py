import pytest
from websockets.frames import Frame, Opcode

from gateway.live.message import Message, News, chunks_of, frame_of, message_of


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_what_a_library_writes(length: int) -> None:
    text = b"x" * length
    assert frame_of(text) == Frame(Opcode.TEXT, text).serialize(mask=False)


def test_an_event_is_a_chunk_of_http() -> None:
    event = b'event: poll\ndata: {"type":"poll"}\n\n'
    assert chunks_of([message_of({"type": "poll"})]) == b"%x\r\n%b\r\n" % (len(event), event)


def test_news_are_made_into_bytes_once() -> None:
    news = News({"a": Message("reactions", b"{}"), "b": Message("poll", b"[]")})
    assert news.frames is news.frames
    assert news.frames == frame_of(b"{}") + frame_of(b"[]")
