"""The command line: a thin face, each command a few lines over wiring."""

import sys
from dataclasses import fields
from typing import Any

import click

from callboard import __version__, settings
from callboard.cli.access import access
from callboard.cli.audit import audit
from callboard.cli.coverage import coverage
from callboard.cli.deliveries import deliveries
from callboard.cli.drills import drills
from callboard.cli.endpoints import endpoints
from callboard.cli.keys import key
from callboard.cli.letters import letters, mailbox
from callboard.cli.messages import publish, test_contact
from callboard.cli.opening import load, with_database
from callboard.cli.recipients import contacts_of, who_gets
from callboard.cli.refusals import refusals
from callboard.cli.templates import templates
from callboard.cli.unreachable import unreachable
from callboard.errors import StartupError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def app() -> None:
    """Message contacts for an organisation, behind the wire protocol of ResourceDirectoryMaster."""


for each in (
    access,
    audit,
    contacts_of,
    coverage,
    deliveries,
    drills,
    endpoints,
    key,
    letters,
    mailbox,
    publish,
    refusals,
    templates,
    test_contact,
    unreachable,
    who_gets,
):
    app.add_command(each)


def main() -> None:
    """Run a command; a StartupError is one clear line and exit code 2."""
    try:
        app()
    except StartupError as error:
        click.echo(f"callboard: {error}", err=True)
        sys.exit(2)


def _settings_help() -> str:
    """Every setting as a paragraph that click leaves in its lines."""
    lines = [f"{settings.PREFIX}{name.upper()}: {field.metadata['help']}" for name, field in settings.FIELDS.items()]
    return "Settings, from callboard.toml and then the environment:\n\n" + "\n\n".join(lines)


@app.command(epilog=_settings_help())
def serve() -> None:
    """Run the server; on a first start make the database, the directory and the first access key."""
    from callboard.serve import serve as run

    run(load())


@app.command()
def init() -> None:
    """Make the data folder, the master key, the database, the directory and the first access key; then stop."""
    from callboard.serve import prepare, show_key

    configured = load()
    runtime, key = prepare(configured)
    runtime.database.close()
    if key is None:
        click.echo("Ready: there is an access key already, and its secret is not shown again.")
    else:
        show_key(key)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema, and stop."""
    from callboard.database.migrate import HEAD
    from callboard.database.migrate import migrate as run

    changed = run(load().url)
    click.echo(f"The database is at revision {HEAD}{'' if changed else ' already'}.")


@app.command()
def worker() -> None:
    """Deliver letters without serving calls; any number of workers may share a database."""
    from callboard.serve import work

    work(load())


@app.command("settings")
def list_settings() -> None:
    """List every setting: its variable, what is in force, and what it does."""
    configured = load()
    for field in fields(configured):
        value = getattr(configured, field.name)
        is_secret = field.name in settings.SECRETS
        shown = "(set, not shown)" if is_secret and value else repr(value)
        click.echo(f"{settings.PREFIX}{field.name.upper()} = {shown}")
        click.echo(f"    {field.metadata['help']} Default: {field.default!r}.")


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the API."""
    import msgspec

    import callboard.wiring  # noqa: F401 (registers the actions)
    from callboard.reference.openapi import document

    click.echo(msgspec.json.format(msgspec.json.encode(document()), indent=2).decode())


@app.command("add-account")
@click.option("--account-id", default="", help="Its id, digits; without: one is made.")
def add_account(account_id: str) -> None:
    """Add another management account with a resource directory and a root access key of its own."""
    from callboard import provision
    from callboard.clock import wall_clock
    from callboard.serve import show_key

    if account_id and not account_id.isdigit():
        raise StartupError("An account id has digits only.")

    def work(connection: Any, vault: Any) -> provision.NewKey:
        made = provision.add_directory(connection, account_id=account_id, now=wall_clock())
        return provision.add_key(connection, vault, made, now=wall_clock())

    show_key(with_database(work))
