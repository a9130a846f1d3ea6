"""`ovation capacity`: how many machines a crowd needs."""

from pathlib import Path
from typing import Annotated

import typer

_CROWD, _MACHINES = "The crowd", "Machines and prices: assumptions"


def capacity(
    viewers: Annotated[
        float, typer.Option(min=1, max=1e10, help="All who watch at once, as 25e6.", rich_help_panel=_CROWD)
    ] = 100_000,
    taps_per_viewer: Annotated[
        float, typer.Option(min=0.0001, max=50, help="Taps of a viewer a second, on average.", rich_help_panel=_CROWD)
    ] = 0.2,
    streams: Annotated[int, typer.Option(min=1, max=1_000_000, rich_help_panel=_CROWD)] = 1_000,
    exponent: Annotated[
        float, typer.Option(min=0, max=3, help="Of the power law of viewers; 0 is even.", rich_help_panel=_CROWD)
    ] = 1.0,
    emojis: Annotated[int, typer.Option(min=1, max=30, help="Of each stream.", rich_help_panel=_CROWD)] = 5,
    taps_per_frame: Annotated[
        float, typer.Option(min=1, max=1_000, help="Taps that a client gathers.", rich_help_panel=_CROWD)
    ] = 1,
    socket_share: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share on sockets; others poll by a CDN, tap by HTTP.", rich_help_panel=_CROWD),
    ] = 1.0,
    by_stream: Annotated[
        bool,
        typer.Option(
            "--by-stream", help="A stream's viewers come to as few gateways as hold them.", rich_help_panel=_CROWD
        ),
    ] = False,
    interval_ms: Annotated[
        float, typer.Option(min=20, max=5_000, help="Between two pictures of a screen.", rich_help_panel=_CROWD)
    ] = 50,
    poll_s: Annotated[
        float, typer.Option(min=1, max=3_600, help="Between two questions of who polls.", rich_help_panel=_CROWD)
    ] = 1,
    voting_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share that votes in a poll …", rich_help_panel=_CROWD)
    ] = 0.1,
    voting_s: Annotated[
        float, typer.Option(min=1, max=604_800, help="… within so many seconds.", rich_help_panel=_CROWD)
    ] = 30,
    hours: Annotated[float, typer.Option(min=0, max=744, help="Live a month.", rich_help_panel=_CROWD)] = 100,
    regions: Annotated[
        int,
        typer.Option(min=1, max=16, help="Each whole, with as many viewers as the others.", rich_help_panel=_CROWD),
    ] = 1,
    utilisation: Annotated[
        float, typer.Option(min=0.3, max=1, help="How full cores and networks may be.", rich_help_panel=_MACHINES)
    ] = 0.5,
    cores: Annotated[int, typer.Option(min=1, max=512, help="Of a machine.", rich_help_panel=_MACHINES)] = 8,
    memory_gb: Annotated[float, typer.Option(min=1, max=65_536, rich_help_panel=_MACHINES)] = 16,
    gbit_s: Annotated[
        float, typer.Option(min=0.1, max=1_000, help="A machine's network.", rich_help_panel=_MACHINES)
    ] = 10,
    replication: Annotated[int, typer.Option(min=1, max=9, help="Kafka's copies.", rich_help_panel=_MACHINES)] = 3,
    core_hour: Annotated[float, typer.Option(min=0, help="Price.", rich_help_panel=_MACHINES)] = 0.04,
    disk_gb_month: Annotated[float, typer.Option(min=0, help="Price.", rich_help_panel=_MACHINES)] = 0.10,
    egress_gb: Annotated[float, typer.Option(min=0, help="Price.", rich_help_panel=_MACHINES)] = 0.02,
    delivery_us: Annotated[
        float, typer.Option(min=0, help="Of Redis, a message to one gateway.", rich_help_panel=_MACHINES)
    ] = 3,
    merge_us: Annotated[
        float, typer.Option(min=0, help="Of a gateway, to take such a message.", rich_help_panel=_MACHINES)
    ] = 15,
    check: Annotated[bool, typer.Option("--check", help="Hold the model against every measured point.")] = False,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Hold it against a simulation of 100 edges and 10,000 streams.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed simulates the same.")] = 1,
    measurements: Annotated[
        Path | None, typer.Option(help="Folder of the bench's findings; else docs/measurements of the checkout.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many machines a crowd needs at its peak, what that costs, and what holds it back first.

    Computed from what the bench has measured on one machine (docs/capacity.md has the formulae): nothing is asked, and
    nothing is started. Prices and machines are assumptions; say your own.

    Example: ovation capacity --viewers 25e6 --taps-per-viewer 0.2
    """
    import json

    from ovation.capacity import check as against
    from ovation.capacity import view
    from ovation.capacity.bottleneck import bottleneck, changes
    from ovation.capacity.crowd import Crowd
    from ovation.capacity.files import FOLDER
    from ovation.capacity.given import Assumed, Machines, Prices
    from ovation.capacity.measured import unit_costs
    from ovation.capacity.pace import Pace
    from ovation.capacity.plan import plan
    from ovation.capacity.trial import Compared
    from ovation.capacity.watched import simulated
    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    crowd = Crowd(
        viewers,
        taps_per_viewer,
        streams,
        exponent,
        emojis,
        taps_per_frame,
        socket_share=socket_share,
        interval_ms=interval_ms,
        poll_s=poll_s,
        voting_share=voting_share,
        voting_s=voting_s,
        hours=hours,
        by_stream=by_stream,
        regions=regions,
    )
    machines = Machines(utilisation, cores, memory_gb, gbit_s, replication)
    prices, assumed = Prices(core_hour, disk_gb_month, egress_gb), Assumed(delivery_us, merge_us)
    folder = measurements or FOLDER
    checks: dict[str, list[Compared]] = {}
    with failures(OvationError):
        costs = unit_costs(folder)
        needed = plan(crowd, costs, machines, prices, assumed)
        found = bottleneck(needed)
        changed = list(changes(needed, lambda other: plan(other, costs, machines, prices, assumed)))
        if check:
            checks["check"] = list(against.check(costs, folder, Pace()))
            checks["held_out"] = list(against.held_out(costs, folder, Pace()))
        if simulate:
            checks["simulation"] = simulated(crowd, seed, Pace())
            checks["simulated"] = list(against.simulated(costs, folder, seed, Pace()))
    if as_json:
        given = (machines, prices, assumed)
        typer.echo(json.dumps(view.document(needed, found, changed, given, checks), indent=2))
        return
    out.print(view.heading(needed), markup=False)
    out.print(view.needs(needed))
    for line in (*view.notes(needed), view.verdict(found), *(["What to change:"] if changed else [])):
        out.print(line, markup=False)
    for line in (*view.advice(changed), "", *view.assumptions(machines, prices, assumed, hours)):
        out.print(line, markup=False)
    for name, (title, column) in view.CHECKS.items():
        if name in checks:
            out.print("")
            out.print(view.comparison(title, column, checks[name]))
            out.print("Error:", markup=False)
            for line in view.errors(checks[name]):
                out.print(line, markup=False)
