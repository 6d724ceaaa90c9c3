"""`callboard access`: why somebody may do something, a root key for who has lost theirs, a new master key."""

import base64
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import click

from callboard.cli.opening import load, with_database
from callboard.errors import StartupError


@click.group()
def access() -> None:
    """Rights, root keys, and the master key."""


@access.command()
@click.argument("principal")
@click.argument("action")
@click.argument("resource")
@click.option("--source", default="", help="Where the call would come from (acs:SourceIp).")
@click.option("--at", "moment", default="", help="When, as YYYY-MM-DDTHH:MM:SSZ (acs:CurrentTime); without: now.")
@click.option("--secure", is_flag=True, help="Over TLS (acs:SecureTransport).")
@click.option("--message-type", "message_types", multiple=True, help="callboard:MessageType; may be repeated.")
@click.option("--contact-domain", default="", help="callboard:ContactDomain.")
def explain(principal: str, action: str, resource: str, source: str, **circumstances: Any) -> None:
    """Tell whether PRINCIPAL (an ARN) may do ACTION (product:Name) with RESOURCE (an ARN), and why."""
    from callboard.access import actions
    from callboard.access.explain import PRINCIPAL, find

    parts = PRINCIPAL.fullmatch(principal)
    if parts is None:
        raise StartupError(f"{principal} is no principal: acs:ram::<account>: with root, user/<name> or role/<name>.")
    context = _context(source, **circumstances)
    found = with_database(lambda connection, _: find(connection, parts["account"], principal))
    if found is None:
        raise StartupError(f"There is no {principal}.")
    _show(actions.verdict(found, action=action, resource=resource, context=context))


def _context(source: str, moment: str, message_types: tuple[str, ...], contact_domain: str, *, secure: bool) -> Any:
    from callboard.access.actions import contact_conditions
    from callboard.access.rules import context_of
    from callboard.clock import read_moment, wall_clock

    now = read_moment(moment) if moment else wall_clock()
    if now is None:
        raise StartupError(f"{moment} is no moment in UTC: YYYY-MM-DDTHH:MM:SSZ.")
    try:
        address = str(ip_address(source)) if source else None
    except ValueError as error:
        raise StartupError(f"{source} is no IP address.") from error
    values = contact_conditions(list(message_types), contact_domain)
    return context_of(source_address=address, is_secure=secure, now=now, values=values)


def _show(reply: Any) -> None:
    click.echo(f"{'Allowed' if reply.is_allowed else 'Not allowed'}: {reply.reason}{_decider(reply)}")
    for policy in reply.policies:
        via = f" (by group {policy.via})" if policy.via else ""
        click.echo(f"  {policy.policy_type} policy {policy.policy_name}{via}")
        for each in policy.statements:
            click.echo(
                f"    {each.statement_number}. {each.effect:5}  {'applies' if each.applies else 'does not apply'}"
            )


def _decider(reply: Any) -> str:
    if not reply.policy_name:
        return ""
    via = f", by group {reply.via}" if reply.via else ""
    return f", by statement {reply.statement_number} of {reply.policy_type} policy {reply.policy_name}{via}"


@access.command()
@click.argument("account_id")
@click.option("--keep", is_flag=True, help="Leave the account's other root keys as they are.")
def recover(account_id: str, *, keep: bool) -> None:
    """Make a new root key for an account that has lost its own; its other root keys are disabled."""
    from callboard import provision
    from callboard.clock import wall_clock
    from callboard.serve import show_key

    made, disabled = with_database(
        lambda connection, vault: provision.recover(connection, vault, account_id, keeps_others=keep, now=wall_clock())
    )
    show_key(made)
    for each in disabled:
        click.echo(f"{each} is inactive; servers refuse it within a second.")


@access.command("rotate-master-key")
def rotate_master_key() -> None:
    """Encrypt all secrets under a new master key. Servers and workers must be started again with it."""
    from callboard.access import key_file
    from callboard.access.vault import FILE_NAME
    from callboard.wiring import build_runtime

    settings = load()
    if settings.url == "sqlite:///:memory:":
        raise StartupError("A database in memory has no master key that lasts.")
    runtime = build_runtime(settings)
    try:
        if settings.master_key:
            # Shown before anything is changed: should this process end too soon, one of the two keys is in force.
            count = _rotate(runtime, lambda key: click.echo(f"CALLBOARD_MASTER_KEY={base64.b64encode(key).decode()}"))
            where = "the key above: set CALLBOARD_MASTER_KEY to it. Backups made before now need the old one"
        else:
            with key_file.alone(settings.data_dir) as folder:
                count = _rotate(runtime, lambda key: key_file.stage(folder, key))
                key_file.promote(folder)
            where = (
                f"a new key in {folder / FILE_NAME}. Backups made before now need the old one: it is in "
                f"{key_file.OLD}, to be kept with them, or deleted"
            )
    finally:
        runtime.database.close()
    click.echo(f"{count} secrets are encrypted under {where}.", err=True)
    click.echo("Start every server and worker again with the new key; until then they answer 503.", err=True)


def _rotate(runtime: Any, make_safe: Callable[[bytes], None]) -> int:
    from callboard import provision
    from callboard.access.vault import new_master_key
    from callboard.errors import Conflict, Unavailable

    key = new_master_key()
    try:
        count: int = runtime.database.run(
            lambda connection: provision.replace_master_key(
                connection, runtime.vault, key, make_safe=make_safe, now=runtime.wall_clock()
            )
        )
    except (Conflict, Unavailable) as error:
        raise StartupError(f"Nothing was changed: {error}. Try again.") from error
    return count
