"""Makes the docs' tables and pictures from what the kit has found: `python -m bench.report --help`.

It writes what stands between its two marks in `docs/performance.md`, and nothing else there.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bench import plots
from bench.findings import FOLDER, Finding, Findings, Spread, number
from ovation.terminal import out

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: made by `make bench-report` -->", "<!-- /measured -->"
ORDER = (
    "reactions",
    "reactions_1000",
    "polls",
    "stores",
    "taps",
    "frames",
    "durable",
    "hanging",
    "delivery",
    "screen",
    "hot_stream",
    "viral",
    "capacity",
    "growth",
    "mirror",
)
"""How the parts follow on the page: the way of a tap's cost, then whole, then growing. Others come behind."""


def load(folder: Path = FOLDER) -> list[Findings]:
    """Return what all parts have found, in the page's order."""
    found = [Findings.load(path) for path in sorted(folder.glob("*.json"))]
    return sorted(found, key=lambda part: ORDER.index(part.part) if part.part in ORDER else len(ORDER))


def section(part: Findings, pictures: Sequence[str] = ()) -> str:
    """Return the page's section of one part: its command, setting, tables and pictures."""
    texts = [f"### {part.title}", f"`{part.command}` on {part.machine}, {part.day}."]
    if part.setting:
        texts.append("\n".join(f"- {line}" for line in part.setting))
    if part.findings:
        texts.append("\n".join(["| What | Ours | Against | Ratio | Asked |", "| --- | --- | --- | --- | --- |"]))
        texts[-1] += "".join(f"\n{_row(each)}" for each in part.findings)
    notes = [f"- *{each.what}*: {each.note}" for each in part.findings if each.note]
    if notes:
        texts.append("\n".join(notes))
    texts += pictures
    bends = [f"- *{curve.title}*: {curve.bend}" for curve in part.curves if curve.bend]
    if bends:
        texts.append("\n".join(bends))
    return "\n\n".join(texts)


def _row(each: Finding) -> str:
    ours, theirs, ratio = f"{_spread(Spread.of(each.ours))} {each.unit}", "", ""
    if each.against:
        theirs = f"{each.against}: {_spread(Spread.of(each.theirs))}"
        ratio = f"**{_spread(each.judged)}**"
    asked = ""
    if each.reach is not None:
        sign = "≥" if each.bound == "least" else "≤"
        asked = f"{sign} {number(each.reach)}: {'reached' if each.is_reached else '**not reached**'}"
    return f"| {each.what} | {ours} | {theirs} | {ratio} | {asked} |"


def _spread(spread: Spread) -> str:
    if spread.least == spread.most:
        return number(spread.median)
    return f"{number(spread.median)} ({number(spread.least)} to {number(spread.most)})"


def pictures_of(parts: Sequence[Findings], folder: Path) -> dict[str, list[str]]:
    """Draw the pictures into `folder` and return, for each part, the lines that show them."""
    shown: dict[str, list[str]] = {}
    for part in parts:
        for place, curve in enumerate(part.curves):
            name = f"{part.part}-{place + 1}.svg"
            plots.curve(folder / name, curve)
            shown.setdefault(part.part, []).append(f"![{curve.title}: {curve.y_name}](images/{name})")
    return shown


def page(text: str, parts: Sequence[Findings], folder: Path) -> str:
    """Return the page `text` with what `parts` found between its marks. Raises ValueError where a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} … {END} in the page")
    judged = [(_name(each), each) for part in parts for each in part.findings if each.reach]
    plots.reached(folder / "reached.svg", judged)
    shown = pictures_of(parts, folder)
    overview = "![What was measured, over what was asked](images/reached.svg)"
    sections = [overview, *(section(part, shown.get(part.part, ())) for part in parts)]
    return f"{before}{BEGIN}\n\n" + "\n\n".join(sections) + f"\n\n{END}{after}"


def _name(each: Finding) -> str:
    return f"{each.what}; {each.against}" if each.against else each.what


def main(
    write_to: Annotated[Path, typer.Option(help="The page between whose marks the report is written.")] = PAGE,
    measurements: Annotated[Path, typer.Option(help="Folder with what the parts have found.")] = FOLDER,
) -> None:
    """Write tables and pictures of all that was measured into docs/performance.md.

    Example: python -m bench.taps && python -m bench.report
    """
    parts = load(measurements)
    text = page(write_to.read_text(encoding="utf-8"), parts, write_to.parent / "images")
    write_to.write_text(text, encoding="utf-8")
    out.print(f"{write_to}: {len(parts)} parts", markup=False)


if __name__ == "__main__":
    typer.run(main)
