"""What was found, as lines for a terminal and as an object for a program."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ovation.doctor.doctor import PARTS
from ovation.doctor.finding import Finding
from ovation.doctor.place import Place


def lines(place: Place, findings: list[Finding]) -> Iterator[str]:
    """Yield what an operator reads: each part, then each finding with its reason and its command."""
    for part in PARTS:
        own = [each for each in findings if each.part == part]
        state = "BROKEN" if any(each.severity == "broken" for each in own) else "look" if own else "well"
        yield f"  {part:<12} {state:<8} {place.address(part)}"
    for number, each in enumerate(findings, 1):
        yield ""
        yield f"{number}. {each.part}: {each.what}"
        yield f"   {each.why}"
        if each.follows_from and any(other.part == each.follows_from for other in findings):
            yield f"   It may come from {each.follows_from}: mend that first."
        yield f"   $ {each.mend}"
    yield ""
    yield f"{len(findings)} thing(s) to mend." if findings else "Everything is well."


def document(place: Place, findings: list[Finding]) -> dict[str, Any]:
    """Return the same as an object: `ok`, the `parts` that were asked and where, and the `findings` in order."""
    return {
        "ok": not findings,
        "embedded": place.data_dir is not None,
        "parts": {part: place.address(part) for part in PARTS},
        "findings": [asdict(each) for each in findings],
    }
