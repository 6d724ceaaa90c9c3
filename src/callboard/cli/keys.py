"""`callboard key`: access keys are made, listed, disabled and enabled."""

import click

from callboard.cli.opening import with_database


@click.group()
def key() -> None:
    """Access keys."""


@key.command("create")
@click.argument("account_id")
@click.option("--user", "user_name", help="A RAM user of the account; without: its root key.")
def create_key(account_id: str, user_name: str | None) -> None:
    """Make an access key, and show its secret once."""
    from callboard import provision
    from callboard.clock import wall_clock
    from callboard.serve import show_key

    show_key(
        with_database(
            lambda connection, vault: provision.add_key(
                connection, vault, account_id, user_name=user_name, now=wall_clock()
            )
        )
    )


@key.command("list")
def list_keys() -> None:
    """List the access keys, without their secrets."""
    from callboard.access import storage

    for each in with_database(lambda connection, _: storage.page(connection)):
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
    from callboard.clock import wall_clock

    with_database(
        lambda connection, _: provision.set_key_active(connection, access_key_id, is_active=is_active, now=wall_clock())
    )
    click.echo(f"{access_key_id} is {'active' if is_active else 'inactive'}.")
