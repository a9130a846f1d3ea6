"""The sessions of this gateway: those that have a connection, and for some minutes those that had one."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import count

from gateway.resend.session import Holder, Session

KEPT_S = 300.0
"""How long a session is remembered after its connection closed; clients give their taps up long before."""
MAX_LEFT = 100_000
"""Sessions without a connection. The one that has been without for longest goes first."""


class Sessions:
    """Sessions by their key (gateway.resend.names). Lives on the event loop.

    A session is there as soon as its connection is, taken frames or none: only so is it certain that one was not taken.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic, max_left: int = MAX_LEFT) -> None:
        self._now_s = now_s
        self._max_left = max_left
        self._all: dict[bytes, Session] = {}
        self._left: OrderedDict[bytes, float] = OrderedDict()
        """When those without a connection lost it, the first at the beginning."""
        self._births = count(1)

    def open(self, key: bytes, holder: Holder) -> Session:
        """Return the session for its new connection. An older one takes nothing any more."""
        self._forget()
        session = self._all.get(key)
        if session is None:
            session = self._all[key] = Session(next(self._births))
        else:
            self._fence(key, session)
            self._left.pop(key, None)
        session.holder = holder
        return session

    def leave(self, key: bytes, holder: Holder) -> None:
        """Tell that a connection has closed."""
        session = self._all.get(key)
        if session is not None and session.holder is holder:
            self._release(key, session)
        self._forget()

    def fence(self, key: bytes, birth: int) -> Session | None:
        """Return a session that takes nothing any more on the connection that it has, or None if it is not known."""
        session = self._all.get(key)
        if session is None or session.birth != birth:
            return None
        self._fence(key, session)
        return session

    def recent(self, within_s: float) -> Iterator[tuple[bytes, Session]]:
        """Go through the sessions that have a connection, or had one so lately."""
        since_s = self._now_s() - within_s
        for key, session in self._all.items():
            if self._left.get(key, since_s) >= since_s:
                yield key, session

    def __len__(self) -> int:
        return len(self._all)

    def _fence(self, key: bytes, session: Session) -> None:
        holder = session.holder
        if holder is not None:
            self._release(key, session)
            holder.fence()

    def _release(self, key: bytes, session: Session) -> None:
        session.holder = None
        session.pack()
        self._left[key] = self._now_s()

    def _forget(self) -> None:
        too_old = self._now_s() - KEPT_S
        while self._left:
            key, left_s = next(iter(self._left.items()))
            if left_s > too_old and len(self._left) <= self._max_left:
                return
            del self._left[key]
            del self._all[key]
