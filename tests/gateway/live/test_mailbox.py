from gateway.live.mailbox import Mailbox
from gateway.live.message import Message, News


def message(text: str) -> Message:
    return Message("reactions", text.encode())


def news(*, is_whole: bool = False, **slots: str) -> News:
    return News({slot: message(text) for slot, text in slots.items()}, is_whole=is_whole)


def texts(mailbox: Mailbox) -> list[str]:
    return [each.body.decode() for each in mailbox.contents()]


def test_keeps_only_the_newest_of_a_slot_in_its_place() -> None:
    mailbox = Mailbox()
    mailbox.show(news(reactions="old", poll="poll"))
    mailbox.show(news(reactions="new"))
    assert texts(mailbox) == ["new", "poll"]


def test_answers_go_first_and_in_order() -> None:
    mailbox = Mailbox()
    mailbox.show(news(reactions="picture"))
    mailbox.answer(message("1"))
    mailbox.answer(message("2"))
    assert texts(mailbox) == ["1", "2", "picture"]


def test_who_takes_no_answers_is_asked_for_no_frames() -> None:
    mailbox = Mailbox()
    for number in range(64):
        assert not mailbox.is_full
        mailbox.answer(message(str(number)))
    assert mailbox.is_full


def test_a_whole_picture_leaves_nothing_older_behind_it() -> None:
    mailbox = Mailbox()
    mailbox.answer(message("1"))
    mailbox.show(news(poll="old"))
    mailbox.show(news(snapshot="first"))
    mailbox.show(news(snapshot="second", is_whole=True))
    mailbox.show(news(poll="new"))
    assert texts(mailbox) == ["1", "second", "new"]
