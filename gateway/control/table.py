"""The streams and polls that this gateway knows, in memory. Lives on the event loop; nothing here blocks or locks."""

from collections.abc import Callable

from gateway import problems
from gateway.clock import Clock
from gateway.control.model import Poll, Record, Stream
from gateway.refusal import Refused

Listener = Callable[[Record], None]


class ControlTable:
    """The newest record of every key. Applying a record twice changes nothing, and no life goes backwards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ready = False
        """Whether the topic has been read to the end that it had when the gateway started."""
        self._streams: dict[str, Stream] = {}
        self._polls: dict[str, dict[str, Poll]] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every record that changes the table."""
        self._listeners.append(listener)

    def apply(self, record: Record) -> bool:
        """Take a record, own or read; return whether it changed anything."""
        known = self._known(record)
        if known is not None and (record == known or record.progress < known.progress):
            return False
        if isinstance(record, Stream):
            self._streams[record.stream_id] = record
        else:
            self._polls.setdefault(record.stream_id, {})[record.poll_id] = record
        for listener in self._listeners:
            listener(record)
        return True

    def stream(self, stream_id: str) -> Stream:
        """Return the stream. Raises Refused if there is none, or if it is too early to say."""
        stream = self._streams.get(stream_id)
        if stream is None:
            raise Refused(problems.UNKNOWN_STREAM if self.ready else problems.STARTING)
        return stream

    def live_stream(self, stream_id: str) -> Stream:
        """Return the stream. Raises Refused if there is none, or if it has ended."""
        stream = self.stream(stream_id)
        if not stream.is_live_at(self._clock()):
            raise Refused(problems.ENDED_STREAM)
        return stream

    def has_stream(self, stream_id: str) -> bool:
        return stream_id in self._streams

    def poll(self, stream_id: str, poll_id: str) -> Poll:
        """Return the poll. Raises Refused if there is none, or if it is too early to say."""
        poll = self._polls.get(stream_id, {}).get(poll_id)
        if poll is None:
            raise Refused(problems.UNKNOWN_POLL if self.ready else problems.STARTING)
        return poll

    def has_poll(self, stream_id: str, poll_id: str) -> bool:
        return poll_id in self._polls.get(stream_id, {})

    def polls(self, stream_id: str) -> list[Poll]:
        """Return the stream's polls, oldest first."""
        return sorted(self._polls.get(stream_id, {}).values(), key=lambda poll: (poll.created_at, poll.poll_id))

    def _known(self, record: Record) -> Record | None:
        if isinstance(record, Stream):
            return self._streams.get(record.stream_id)
        return self._polls.get(record.stream_id, {}).get(record.poll_id)
