"""The command line: a thin face, each command a few lines over wiring."""

import sys
from dataclasses import fields
from typing import Any

import click

from callboard import __version__, settings
from callboard.errors import StartupError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def app() -> None:
    """Message contacts for an organisation, behind the wire protocol of ResourceDirectoryMaster."""


@app.group()
def key() -> None:
    """Access keys."""


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

    run(_load())


@app.command()
def init() -> None:
    """Make the data folder, the master key, the database, the directory and the first access key; then stop."""
    from callboard.serve import prepare, show_key

    configured = _load()
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

    changed = run(_load().url)
    click.echo(f"The database is at revision {HEAD}{'' if changed else ' already'}.")


@app.command("settings")
def list_settings() -> None:
    """List every setting: its variable, what is in force, and what it does."""
    configured = _load()
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
    from callboard.serve import show_key
    from callboard.wiring import now

    if account_id and not account_id.isdigit():
        raise StartupError("An account id has digits only.")

    def work(connection: Any, vault: Any) -> provision.NewKey:
        made = provision.add_directory(connection, account_id=account_id, now=now())
        return provision.add_key(connection, vault, made, now=now())

    show_key(_with_database(work))


@key.command("create")
@click.argument("account_id")
@click.option("--user", "user_name", help="A RAM user of the account; without: its root key.")
def create_key(account_id: str, user_name: str | None) -> None:
    """Make an access key, and show its secret once."""
    from callboard import provision
    from callboard.serve import show_key
    from callboard.wiring import now

    show_key(
        _with_database(
            lambda connection, vault: provision.add_key(connection, vault, account_id, user_name=user_name, now=now())
        )
    )


@key.command("list")
def list_keys() -> None:
    """List the access keys, without their secrets."""
    from callboard.access import storage

    for each in _with_database(lambda connection, _: storage.page(connection)):
        state = "active" if each.is_active else "inactive"
        click.echo(f"{each.access_key_id}  account {each.account_id}  {each.user_name or 'root'}  {state}")


@key.command("disable")
@click.argument("access_key_id")
def disable_key(access_key_id: str) -> None:
    """Disable an access key; running servers refuse it within a second."""
    _set_active(access_key_id, is_active=False)


@key.command("enable")
@click.argument("access_key_id")
def enable_key(access_key_id: str) -> None:
    """Enable a disabled access key again."""
    _set_active(access_key_id, is_active=True)


def _set_active(access_key_id: str, *, is_active: bool) -> None:
    from callboard import provision
    from callboard.wiring import now

    _with_database(
        lambda connection, _: provision.set_key_active(connection, access_key_id, is_active=is_active, now=now())
    )
    click.echo(f"{access_key_id} is {'active' if is_active else 'inactive'}.")


def _with_database(work: Any) -> Any:
    """Run work(connection, vault) in one transaction over the configured database."""
    from callboard.wiring import build_runtime

    runtime, vault = build_runtime(_load())
    try:
        return runtime.database.run(lambda connection: work(connection, vault))
    finally:
        runtime.database.close()


def _load() -> settings.Settings:
    for name in settings.unknown():
        click.echo(f"callboard: there is no setting {name}; it has no effect.", err=True)
    return settings.load()
