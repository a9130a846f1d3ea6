"""What a comparison found, for a person and for a program."""

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.table import Table

from ovation.verify.compare import Difference, compare, sums
from ovation.verify.numbers import Account


class Verdict(msgspec.Struct, frozen=True):
    """Result of a comparison of the accounts `names`. `not_adding_up` and `left_out` are sentences."""

    stream_id: str
    names: list[str]
    compared: int
    differences: list[Difference]
    not_adding_up: list[str]
    waited_s: float
    left_out: Sequence[str] = ()

    @property
    def agrees(self) -> bool:
        """Whether all accounts say the same."""
        return not self.differences and not self.not_adding_up

    def members(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {
            "stream_id": self.stream_id,
            "agrees": self.agrees,
            "accounts": self.names,
            "compared": self.compared,
            "differences": [
                {"what": each.what, **{name: str(span) for name, span in each.said.items()}}
                for each in self.differences
            ],
            "not_adding_up": self.not_adding_up,
            "left_out": list(self.left_out),
            "waited_s": round(self.waited_s, 1),
        }

    def sentence(self) -> str:
        """Return it in one line, with what is left out."""
        if self.agrees:
            found = f"{self.stream_id}: {' = '.join(self.names)}, all {self.compared} numbers."
        else:
            names = ", ".join(self.names)
            found = f"{self.stream_id}: {len(self.differences)} of {self.compared} numbers differ among {names}."
        return " ".join([found, *self.left_out])

    def table(self, most: int = 40) -> Table:
        """Return what differs, a row for each of the first `most` numbers."""
        table = Table("number", *self.names, title=f"What differs in {self.stream_id}")
        for each in self.differences[:most]:
            table.add_row(each.what, *(str(each.said.get(name, "")) for name in self.names))
        if len(self.differences) > most:
            table.add_row(f"and {len(self.differences) - most} more")
        return table


def judge(stream_id: str, accounts: Sequence[Account], waited_s: float, left_out: Sequence[str] = ()) -> Verdict:
    """Return the verdict on what the accounts say; `left_out` are sentences on what they cannot."""
    return Verdict(
        stream_id=stream_id,
        names=[account.name for account in accounts],
        compared=len({key for account in accounts for key in account.numbers}),
        differences=compare(accounts),
        not_adding_up=[sentence for account in accounts for sentence in sums(account)],
        waited_s=waited_s,
        left_out=left_out,
    )
