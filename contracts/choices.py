"""What a ballot chose, as one integer.

Options are numbered from 1 in the order of the poll, and their ids are those numbers as text. Bit `i - 1` of `choices`
is set when option `i` is chosen: fixed in width, compared and counted by arithmetic in the JVM, and still below 2**53,
which every JSON reader keeps exact.
"""

from collections.abc import Iterable

from contracts.limits import MAX_OPTIONS


def option_id(index: int) -> str:
    """Return the id of the option at `index`, counted from 0."""
    return str(index + 1)


def pack(option_ids: Iterable[str]) -> int:
    """Return the choices as bits.

    Raises ValueError for an id that is not a number from 1 to `MAX_OPTIONS`.
    """
    bits = 0
    for text in option_ids:
        number = int(text)
        if not 1 <= number <= MAX_OPTIONS:
            raise ValueError(f"no option can have the id {text!r}")
        bits |= 1 << (number - 1)
    return bits


def unpack(bits: int) -> list[str]:
    """Return the ids of the options chosen, in the order of the poll."""
    return [option_id(index) for index in range(bits.bit_length()) if bits >> index & 1]
