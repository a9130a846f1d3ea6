"""Who wants to be told of what."""

from collections.abc import Callable
from typing import Any


class Listeners:
    """Functions by the name of what they are told."""

    def __init__(self, *events: str) -> None:
        self._by_event: dict[str, list[Callable[..., object]]] = {event: [] for event in events}

    def add(self, event: str, listener: Callable[..., object]) -> Callable[[], None]:
        """Call `listener` at each `event`, until the function that is returned is called. Raises ValueError for an
        event that there is not.
        """
        if event not in self._by_event:
            raise ValueError(f"There is no event {event!r}, only {', '.join(self._by_event)}.")
        listeners = self._by_event[event]
        listeners.append(listener)

        def remove() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return remove

    def wants(self, event: str) -> bool:
        """Return whether anybody listens."""
        return bool(self._by_event[event])

    def tell(self, event: str, *news: Any) -> None:
        """Call everybody who listens. Raises what one of them raises."""
        for listener in tuple(self._by_event[event]):
            listener(*news)
