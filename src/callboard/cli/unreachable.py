"""`callboard unreachable`: addresses that messages came back from, and how one is believed in again."""

from datetime import UTC, datetime
from typing import Any

import click

from callboard.cli.opening import load, with_database
from callboard.cli.output import printable
from callboard.errors import StartupError


@click.group(invoke_without_command=True)
@click.pass_context
def unreachable(context: click.Context) -> None:
    """List the addresses that no message is sent to, as what was sent there came back."""
    if context.invoked_subcommand is not None:
        return
    from callboard.contacts import unreachable as storage

    found = with_database(lambda connection, _: storage.every(connection))
    for each in found:
        moment = datetime.fromtimestamp(each.since / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        click.echo(printable(f"{each.target}  {moment}  directory {each.directory_id}  {each.reason}"))
    if not found:
        click.echo("No address is unreachable.", err=True)


@unreachable.command()
@click.argument("address")
def lift(address: str) -> None:
    """Send messages to ADDRESS again, in every directory, after it was mended."""
    from callboard.contacts import reachability
    from callboard.tree import directories
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())

    def work(connection: Any) -> int:
        calls = (runtime.own_call(connection, each) for each in directories.every(connection))
        return sum(reachability.believe(call, address) for call in calls)

    try:
        number = runtime.database.run(work)
    finally:
        runtime.database.close()
    if not number:
        raise StartupError(f"{printable(address)} is not unreachable.")
    click.echo(f"Messages are sent to {printable(address)} again.")
