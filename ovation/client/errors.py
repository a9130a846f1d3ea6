"""How a call to the gateway can fail. They differ in what the caller knows about what it asked for."""

from http import HTTPStatus

_NOTHING_DONE = frozenset(
    {
        "rate-limited",
        "starting",
        "stopping",
        "too-much-waiting",
        "idempotency-in-progress",
        "idempotency-unavailable",
    }
)
"""Problems that pass, of a request that the gateway has not even begun."""
UNCERTAIN_TAPS = "uncertain-taps"
"""Of taps that were sent again after their gateway died: they may have counted, and are not counted now."""


class CallError(Exception):
    """A call that was not answered 2xx."""

    is_temporary = False
    """Whether the same call may succeed a little later."""
    nothing_done = False
    """Whether this call has for certain changed nothing."""
    retry_after_s: float | None = None
    """When the gateway wants to be asked again, if it says so."""


class ProblemError(CallError):
    """The gateway's no (RFC 9457). `name` is the last part of its `type`, such as `closed-poll`.

    `title` and `detail` are for people. `receipt` is that of a vote which was written down all the same, to be counted
    as late or ineligible.
    """

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        receipt: str | None = None,
        retry_after_s: float | None = None,
        title: str = "",
    ) -> None:
        super().__init__(f"{status} {name}: {detail}")
        self.status = status
        self.name = name
        self.title = title or name.replace("-", " ").capitalize()
        self.detail = detail
        self.receipt = receipt
        self.retry_after_s = retry_after_s
        busy = status == HTTPStatus.TOO_MANY_REQUESTS or name in _NOTHING_DONE
        failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.is_temporary = busy or failed
        self.nothing_done = busy or not (failed or receipt or name == UNCERTAIN_TAPS)


class MalformedAnswerError(CallError):
    """The gateway sent what its contract does not allow."""


class NotSentError(CallError):
    """The gateway was not reached: for certain it did not take anything."""

    is_temporary = True
    nothing_done = True


class UnansweredError(CallError):
    """The request went out and no answer came back: the gateway may have taken it or not."""

    is_temporary = True


class QueueFullError(CallError):
    """So much waits to be answered that no more is kept: this was not sent, and never will be."""

    nothing_done = True
