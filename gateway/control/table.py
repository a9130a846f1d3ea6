"""What stands in `control`, in memory. Lives on the event loop; nothing here blocks or locks.

Only the reader applies records, in the order of each log, so every gateway comes to the same table. Where there are
several regions, each has a log of its own, and reads them in another rhythm than the next: see `ControlTable.apply`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Literal, TypeVar, cast

from contracts import topics
from gateway import problems
from gateway.clock import Clock
from gateway.control.model import ApiKey, Poll, Record, Seal, Stream
from gateway.refusal import Refused

R = TypeVar("R", Stream, Poll, Seal, ApiKey)

Listener = Callable[[Record], None]
Verdict = Literal["applied", "known", "rejected"]


class ControlTable:
    """The record that stands for every key: that of the largest revision, and of one revision, the first in the log.

    `other_regions` are those beside the one that this gateway belongs to.
    """

    def __init__(self, clock: Clock, other_regions: Collection[str] = ()) -> None:
        self._clock = clock
        self._other_regions = other_regions
        self.ready = False
        """Whether the topic has been read to the end that it had when the reading began."""
        self._records: dict[str, Record] = {}
        self._firsts: dict[str, dict[str, Record]] = {}
        """Of each key, the first record of the newest revision in each region's log."""
        self._streams: dict[str, Stream] = {}
        self._polls: dict[str, dict[str, Poll]] = {}
        self._seals: dict[tuple[str, str], dict[str, Seal]] = {}
        self._api_keys: dict[str, ApiKey] = {}
        self._listeners: list[Listener] = []
        self._forgetters: list[Callable[[], None]] = []

    def listen(self, listener: Listener, forget: Callable[[], None] | None = None) -> None:
        """Call `listener` with every record that is applied, of any kind, and `forget` when the table is cleared."""
        self._listeners.append(listener)
        if forget is not None:
            self._forgetters.append(forget)

    def apply(self, record: Record) -> Verdict:
        """Take the next record of the log.

        "known" is the one that stands already, written again; "rejected" one that came too late to stand.

        Of the first ones of two regions' logs that which is earlier stands, by their clocks, and of one moment that of
        the region whose name sorts first: whichever log is read before the other, the same one is left.
        """
        known = self._records.get(record.key)
        if known is not None:
            if record == known:
                return "known"
            if record.revision < known.revision:
                return "rejected"
            if record.revision == known.revision and not self._goes_before(record, known):
                return "rejected"
        if known is None or record.revision > known.revision:
            self._firsts[record.key] = {record.region: record}
        self._records[record.key] = record
        if isinstance(record, Stream):
            self._streams[record.stream_id] = record
        elif isinstance(record, Poll):
            self._polls.setdefault(record.stream_id, {})[record.poll_id] = record
        elif isinstance(record, Seal):
            self._seals.setdefault((record.stream_id, record.poll_id), {})[record.region] = record
        elif isinstance(record, ApiKey):
            self._api_keys[record.key_id] = record
        for listener in self._listeners:
            listener(record)
        return "applied"

    def _goes_before(self, record: Record, known: Record) -> bool:
        """Return whether a record stands in place of one from another region that has the same revision."""
        firsts = self._firsts[record.key]
        if record.region in firsts:
            return False
        firsts[record.region] = record
        return (record.at, record.region) < (known.at, known.region)

    def home(self, record: Record) -> str | None:
        """Return the other region whose gateways alone change what stands under the key of `record`, or None.

        A stream and its polls are changed where the stream was last changed; anything else likewise.
        """
        key = topics.stream_key(record.stream_id) if isinstance(record, Poll) else record.key
        standing = self._records.get(key, record)
        return standing.region if self.is_of_another_region(standing) else None

    def is_of_another_region(self, record: Record) -> bool:
        """Return whether a gateway of another region wrote the record."""
        return record.region in self._other_regions

    def clear(self) -> None:
        """Forget everything: the log that it came from is gone."""
        self.ready = False
        for kept in (self._records, self._firsts, self._streams, self._polls, self._seals, self._api_keys):
            kept.clear()
        for forget in self._forgetters:
            forget()

    def standing(self, key: str) -> Record | None:
        """Return the record that stands under a key of `control`."""
        return self._records.get(key)

    def newest(self, record: R) -> R:
        """Return what stands under the key of `record`. Raises Refused if nothing does (any more)."""
        known = self._records.get(record.key)
        if known is None:
            raise Refused(problems.STARTING)
        return cast(R, known)

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

    def all_streams(self) -> Iterator[Stream]:
        """Go through the streams, ended ones too."""
        yield from self._streams.values()

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

    def all_polls(self) -> Iterator[Poll]:
        """Go through the polls of every stream."""
        for polls in self._polls.values():
            yield from polls.values()

    def seals(self, poll: Poll) -> Mapping[str, Seal]:
        """Return the seals of a poll as it stands, by region: not those of a closing that was superseded."""
        found = self._seals.get((poll.stream_id, poll.poll_id), {})
        return {region: seal for region, seal in found.items() if seal.closing == poll.closing_ms}

    def api_key(self, key_id: str) -> ApiKey | None:
        """Return the API key with this id, valid or not."""
        return self._api_keys.get(key_id)

    def api_keys(self) -> list[ApiKey]:
        """Return all API keys, oldest first."""
        return sorted(self._api_keys.values(), key=lambda key: (key.created_at, key.key_id))
