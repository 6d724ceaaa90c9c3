"""`callboard refusals`: addresses whose owner has said 'This isn't me', and how a mistake is mended."""

from datetime import UTC, datetime

import click

from callboard.cli.opening import with_database
from callboard.errors import StartupError


@click.group(invoke_without_command=True)
@click.pass_context
def refusals(context: click.Context) -> None:
    """List the addresses that nothing is sent to, as their owner has refused."""
    if context.invoked_subcommand is not None:
        return
    from callboard.contacts import refusals as storage

    found = with_database(lambda connection, _: storage.page(connection))
    for each in found:
        moment = datetime.fromtimestamp(each.refused_at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        click.echo(f"{each.target}  {moment}  directory {each.directory_id}  contact {each.contact_id}")
    if not found:
        click.echo("No address was refused.", err=True)


@refusals.command()
@click.argument("address")
def lift(address: str) -> None:
    """Allow letters to ADDRESS again, after its owner has told you that the refusal was a mistake."""
    from callboard.contacts import refusals as storage

    if not with_database(lambda connection, _: storage.lift(connection, address)):
        raise StartupError(f"{address} was not refused.")
    click.echo(f"Letters may be sent to {address} again.")
