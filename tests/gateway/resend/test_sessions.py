"""Sessions have one connection at a time, and are forgotten in time and in number."""

from gateway.resend.session import Fate
from gateway.resend.sessions import KEPT_S, Sessions


class Holder:
    def __init__(self) -> None:
        self.fenced = False

    def fence(self) -> None:
        self.fenced = True


class Setup:
    def __init__(self, max_left: int = 10) -> None:
        self.now_s = 0.0
        self.sessions = Sessions(lambda: self.now_s, max_left)


def test_a_new_connection_fences_the_old_one_and_finds_what_it_left() -> None:
    setup, old, new = Setup(), Holder(), Holder()
    session = setup.sessions.open(b"s", old)
    session.keep(1, "one")
    again = setup.sessions.open(b"s", new)
    assert (old.fenced, new.fenced) == (True, False)
    assert (again.birth, again.find(1)) == (session.birth, "one")
    setup.sessions.leave(b"s", old)  # Its socket closes only now.
    assert again.holder is new


def test_who_is_asked_for_a_session_fences_it() -> None:
    setup, holder = Setup(), Holder()
    session = setup.sessions.open(b"s", holder)
    assert setup.sessions.fence(b"s", session.birth + 1) is None
    assert setup.sessions.fence(b"other", session.birth) is None
    assert not holder.fenced
    assert setup.sessions.fence(b"s", session.birth) is session
    assert holder.fenced


def test_a_session_outlives_its_connection_for_some_minutes() -> None:
    setup, holder = Setup(), Holder()
    first = setup.sessions.open(b"s", holder)
    first.keep(1, "one")
    setup.now_s = 10 * KEPT_S
    setup.sessions.open(b"other", Holder())  # Who is connected is never forgotten.
    assert len(setup.sessions) == 2
    setup.sessions.leave(b"s", holder)
    setup.now_s += KEPT_S - 1
    assert setup.sessions.open(b"s", holder).find(1) == "one"
    setup.sessions.leave(b"s", holder)
    setup.now_s += KEPT_S
    later = setup.sessions.open(b"s", holder)
    assert later.find(1) is Fate.NOT_TAKEN
    assert later.birth != first.birth
    assert setup.sessions.fence(b"s", first.birth) is None


def test_so_many_are_remembered_and_the_oldest_goes_first() -> None:
    setup = Setup(max_left=2)
    births = {}
    for name in (b"a", b"b", b"c"):
        holder = Holder()
        births[name] = setup.sessions.open(name, holder).birth
        setup.sessions.leave(name, holder)
    assert len(setup.sessions) == 2
    assert setup.sessions.fence(b"a", births[b"a"]) is None
    assert setup.sessions.fence(b"c", births[b"c"]) is not None


def test_who_was_here_lately() -> None:
    setup, gone, just_gone, here = Setup(), Holder(), Holder(), Holder()
    setup.sessions.open(b"here", here)
    for name, holder in ((b"gone", gone), (b"just gone", just_gone)):
        setup.sessions.open(name, holder)
    setup.sessions.leave(b"gone", gone)
    setup.now_s = 61.0
    setup.sessions.leave(b"just gone", just_gone)
    assert [key for key, _ in setup.sessions.recent(60)] == [b"here", b"just gone"]
