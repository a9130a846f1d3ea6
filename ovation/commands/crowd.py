"""`ovation crowd`: a crowd of voters in one poll, and the proof that its result is right."""

from pathlib import Path
from typing import Annotated

import typer


def crowd(
    voters: Annotated[int, typer.Option(min=1, max=1_000_000, help="Voters in the poll.")] = 10_000,
    votes_per_second: Annotated[
        float, typer.Option(min=1, help="Votes of all voters, repeated ones included.")
    ] = 1_000,
    gateways: Annotated[
        str | None, typer.Option(metavar="URL,URL", help="Gateways to vote through; else the deployment's one.")
    ] = None,
    retries: Annotated[float, typer.Option(min=0, max=1, help="Share of voters who send a vote twice.")] = 0.10,
    changes: Annotated[float, typer.Option(min=0, max=1, help="… who change their vote.")] = 0.05,
    withdrawals: Annotated[float, typer.Option(min=0, max=1, help="… who take it back.")] = 0.01,
    late: Annotated[float, typer.Option(min=0, max=1, help="… who vote after the deadline.")] = 0.02,
    ineligible: Annotated[float, typer.Option(min=0, max=1, help="… whose claims give no right to vote.")] = 0.01,
    receipts: Annotated[int, typer.Option(min=0, help="Receipts to ask about in the end.")] = 500,
    final_wait: Annotated[float, typer.Option(min=0, help="Seconds that the final result may take.")] = 120,
    stores: Annotated[bool, typer.Option(help="Read Redis and ClickHouse, too.")] = True,
    seed: Annotated[int, typer.Option(help="The same seed does the same again.")] = 1,
    stream_prefix: Annotated[str, typer.Option(help="How the id of its stream begins.")] = "crowd",
    ledger: Annotated[Path | None, typer.Option(help="Write what was promised to this file, as JSON.")] = None,
    ballots: Annotated[Path | None, typer.Option(help="Keep the list of ballots, for `ovation recount`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Send a crowd of voters through every rule of a poll, wait for its final result, and hold all accounts of it
    against what each voter was promised.

    The exit code is 1 when a number differs, a receipt tells what cannot be, a vote was refused, or the result is not
    final in time. With OVATION_TOKEN_SECRET, or on the embedded stack, the voters' tokens are signed here.

    Example: ovation crowd --voters 50000 --gateways http://127.0.0.1:8080,http://127.0.0.1:8090
    """
    import asyncio

    import msgspec
    import uvloop

    from ovation.addresses import find_addresses
    from ovation.audience.voters.plan import VotingPlan
    from ovation.audience.voters.report import conclusion, lines, table
    from ovation.audience.voters.run import Wishes, run
    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    plan = VotingPlan(
        voters=voters,
        votes_per_second=votes_per_second,
        retries=retries,
        changes=changes,
        withdrawals=withdrawals,
        late=late,
        ineligible=ineligible,
        seed=seed,
    )
    wishes = Wishes(stream_prefix, receipts, final_wait, stores, ledger, ballots)
    with failures(OvationError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        addresses = find_addresses()
        urls = gateways.split(",") if gateways else [addresses.gateway_url]
        done = runner.run(run(addresses, urls, plan, wishes))
    if as_json:
        typer.echo(msgspec.json.encode(done))
    else:
        out.print(f"Stream {done.stream_id}, poll {done.poll_id}", markup=False)
        out.print(table(done))
        for line in (*lines(done), conclusion(done)):
            out.print(line, markup=False)
    if not done.good:
        raise typer.Exit(1)
