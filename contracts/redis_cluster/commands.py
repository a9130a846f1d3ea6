"""Commands to several masters, and what comes of their answers: what both clients of a cluster do alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redis.exceptions import AskError, ClusterDownError, MovedError, TryAgainError
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import TimeoutError as NoAnswerError

Command = tuple[tuple[Any, ...], Mapping[str, Any]]
"""Words and options, as redis-py's pipelines keep them."""
REDIRECTS = (MovedError, AskError, TryAgainError)
"""With what a master answers whose slot moves, or is elsewhere."""
AWAY = (NoConnectionError, NoAnswerError, ClusterDownError)
"""After which it is worth asking where slots are."""


def in_order(places: Iterable[Sequence[int]], told: Iterable[Sequence[Any]]) -> list[Any]:
    """Return the answers of all masters in the order of their commands: `places` are those of each master's."""
    answers = {
        place: answer
        for its, of_master in zip(places, told, strict=True)
        for place, answer in zip(its, of_master, strict=True)
    }
    return [answers[place] for place in sorted(answers)]


def first_good(answers: Sequence[Any]) -> Any:
    """Return the first answer that is no error. Raises the first error where all are."""
    good = [answer for answer in answers if not isinstance(answer, BaseException)]
    if not good:
        raise answers[0]
    return good[0]


def checked(answers: list[Any], raise_on_error: bool) -> list[Any]:
    """Return a pipeline's answers. Raises the first error among them if it is told to."""
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    if errors and raise_on_error:
        raise errors[0]
    return answers
