"""One connection of a session: the order of its frames, and what is known of those that were sent before."""

import asyncio
from collections.abc import Sequence

from gateway.auth import Viewer
from gateway.resend.edges import Edges
from gateway.resend.heard import Heard
from gateway.resend.names import Place, read_place, write_place
from gateway.resend.session import Answer, Fate, Holder, Session

_MAX_EDGES = 32


class Line:
    """A session's connection. `edge` is what its client calls this gateway when it sends a frame again."""

    def __init__(self, edges: Edges, viewer: Viewer, name: str, holder: Holder) -> None:
        self._edges = edges
        self._key = edges.key(viewer, name)
        self._holder = holder
        self._session: Session = edges.sessions.open(self._key, holder)
        self._last_id = -1
        self._heard: dict[str, Heard | None] = {}
        """What others said; once is enough, since they take nothing more."""
        self.edge = write_place(Place(edges.life, self._session.birth))

    @property
    def settle_s(self) -> float:
        """How long a vote may wait for Kafka, here or elsewhere."""
        return self._edges.settle_s

    def follows(self, frame_id: int, *, again: bool) -> bool:
        """Return whether a frame is in order: its id is larger than those before it.

        Only what is sent again may be older than what was taken on an earlier connection.
        """
        if frame_id <= self._last_id or (not again and frame_id <= self._session.last_id):
            return False
        self._last_id = frame_id
        return True

    def unheard(self, sent_to: Sequence[str]) -> list[str]:
        """Return which of these edges must be asked before `find` can tell."""
        return [edge for edge in dict.fromkeys(sent_to) if edge != self.edge and edge not in self._heard]

    async def hear(self, edges: Sequence[str]) -> None:
        """Ask edges what they took of this session."""
        room = _MAX_EDGES - len(self._heard)
        said = await asyncio.gather(*map(self._ask, edges[:room]))
        # Nobody has been to so many; of the others nothing is known.
        self._heard.update(zip(edges, said, strict=False))

    def find(self, frame_id: int, sent_to: Sequence[str]) -> Answer | Fate:
        """Return how a frame was answered that was sent to these edges before, or what is known of it otherwise."""
        found = [self._find(frame_id, edge) for edge in sent_to]
        answers = [each for each in found if not isinstance(each, Fate)]
        if answers:
            return answers[0]
        return Fate.UNKNOWN if Fate.UNKNOWN in found else Fate.NOT_TAKEN

    def keep(self, frame_id: int, answer: Answer) -> None:
        """Remember how a frame is answered, from the moment that it is taken."""
        self._session.keep(frame_id, answer)

    def settle(self, frame_id: int, text: str) -> None:
        """Give a frame that waited for Kafka its answer."""
        self._session.settle(frame_id, text)

    def close(self) -> None:
        self._edges.sessions.leave(self._key, self._holder)

    async def _ask(self, edge: str) -> Heard | None:
        place = read_place(edge)
        # Another birth here is a session that was forgotten.
        return None if place is None or place.life == self._edges.life else await self._edges.ask(place, self._key)

    def _find(self, frame_id: int, edge: str) -> Answer | Fate:
        if edge == self.edge:
            return self._session.find(frame_id)
        heard = self._heard.get(edge)
        return Fate.UNKNOWN if heard is None else heard.find(frame_id)
