"""`ovation audience`: a simulated crowd that keeps its own account."""

from pathlib import Path
from typing import Annotated

import typer


def audience(
    streams: Annotated[int, typer.Option(min=1, max=1000, help="Streams to open, with a poll each.")] = 1,
    viewers: Annotated[int, typer.Option(min=1, help="Viewers who tap, over all streams.")] = 200,
    taps_per_s: Annotated[float, typer.Option(min=0, help="Taps per second of the whole crowd.")] = 2_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long they tap, and the voters come.")] = 60,
    voters: Annotated[int, typer.Option(min=0, help="Voters, over all streams.")] = 0,
    double_vote_share: Annotated[float, typer.Option(min=0, max=1, help="Share of voters who vote twice.")] = 0.2,
    http_share: Annotated[float, typer.Option(min=0, max=1, help="Share of viewers without a socket.")] = 0.2,
    screens: Annotated[int, typer.Option(min=0, help="Sockets that watch and measure, over all streams.")] = 5,
    emojis: Annotated[str | None, typer.Option(help="Emojis, separated by commas.")] = None,
    gateways: Annotated[
        list[str] | None,
        typer.Option(
            "--gateway", metavar="URL", help="A gateway; may be given several times. Else the deployment's one."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed does the same again.")] = 1,
    stream_prefix: Annotated[str, typer.Option(help="How the ids of its streams begin.")] = "audience",
    ledger: Annotated[Path | None, typer.Option(help="Write what was promised to this file, as JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Send a crowd that taps and votes, and hold what the screens show against what it was promised.

    With several gateways the viewers are spread over them, and go on at another one when theirs does not answer.

    The exit code is 1 when anything was lost, counted twice or refused, or a number on a screen went back.

    Example: ovation audience --taps-per-s 500 --voters 1000 --seconds 20 --ledger ledger.json
    """
    import asyncio

    import msgspec
    import uvloop

    from ovation.addresses import find_addresses
    from ovation.audience.plan import EMOJIS, Plan
    from ovation.audience.report import conclusion, lines
    from ovation.audience.run import run
    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    plan = Plan(
        streams=streams,
        viewers=viewers,
        taps_per_s=taps_per_s,
        seconds=seconds,
        voters=voters,
        vote_seconds=seconds,
        double_vote_share=double_vote_share,
        http_share=http_share,
        screens=screens,
        emojis=tuple(emojis.split(",")) if emojis else EMOJIS,
        seed=seed,
    )
    with failures(OvationError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        addresses = find_addresses()
        urls = [url for given in gateways or [addresses.gateway_url] for url in given.split(",")]
        done = runner.run(run(addresses, urls, plan, stream_prefix, ledger))
    if as_json:
        typer.echo(msgspec.json.encode(done))
    else:
        out.print(f"Streams: {', '.join(done.stream_ids)}", markup=False)
        for line in (*lines(done), conclusion(done)):
            out.print(line, markup=False)
    if not done.good:
        raise typer.Exit(1)
