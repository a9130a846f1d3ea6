from gateway.live.mailbox import Mailbox
from gateway.live.screens import Screens


def test_who_has_voted_is_news_once() -> None:
    screens, mailbox, other = Screens(), Mailbox(), Mailbox()
    screens.all |= {mailbox, other}
    assert [screens.vote(mailbox, "best"), screens.vote(mailbox, "best")] == [True, False]
    assert (screens.voted("best"), screens.voted("other")) == ({mailbox}, set())
    assert screens.polls() == ["best"]


def test_who_has_left_is_forgotten() -> None:
    screens, mailbox = Screens(), Mailbox()
    screens.all.add(mailbox)
    screens.vote(mailbox, "best")
    screens.leave(mailbox)
    assert (screens.all, screens.voted("best"), screens.polls()) == (set(), set(), [])
    # Its vote may be answered after it left.
    assert not screens.vote(mailbox, "best")
    assert screens.polls() == []
