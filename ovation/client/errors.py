"""How a call to the gateway can fail. They differ in what the caller knows about what it asked for."""


class CallError(Exception):
    """A call that was not answered 2xx."""


class ProblemError(CallError):
    """The gateway's no (RFC 9457). `name` is the last part of its `type`, such as `closed-poll`."""

    def __init__(self, status: int, name: str, detail: str) -> None:
        super().__init__(f"{status} {name}: {detail}")
        self.status = status
        self.name = name


class MalformedAnswerError(CallError):
    """The gateway sent what its contract does not allow."""


class NotSentError(CallError):
    """The gateway was not reached: for certain it did not take anything."""


class UnansweredError(CallError):
    """The request went out and no answer came back: the gateway may have taken it or not."""
