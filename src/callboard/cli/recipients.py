"""`callboard who-gets` and `callboard contacts-of`: who is told of what, and how they come to it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

from callboard.cli.opening import load, moment_of, reading
from callboard.cli.output import printable
from callboard.contacts.rules import MESSAGE_TYPES
from callboard.errors import StartupError

as_of_option = click.option("--as-of", help="As things were at this moment of the past (UTC): YYYY-MM-DDTHH:MM:SSZ.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, as the API answers.")


@click.command("who-gets")
@click.argument("account_id")
@click.argument("message_type", type=click.Choice(MESSAGE_TYPES))
@as_of_option
@json_option
def who_gets(account_id: str, message_type: str, as_of: str | None, *, as_json: bool) -> None:
    """Tell who is told when ACCOUNT_ID gets a message of MESSAGE_TYPE, and who is not, and why."""
    from callboard.recipients import actions

    def ask(connection: Any, directory_id: str, situation: Any) -> Any:
        return actions.recipients(connection, directory_id, situation, message_type)

    reply = _asked(account_id, as_of, ask)
    _show(reply, as_json=as_json, written=_recipients)


@click.command("contacts-of")
@click.argument("account_id")
@as_of_option
@json_option
def contacts_of(account_id: str, as_of: str | None, *, as_json: bool) -> None:
    """List the contacts that come to ACCOUNT_ID, and every way in which each does."""
    from callboard.recipients import actions

    reply = _asked(account_id, as_of, actions.effective_contacts)
    _show(reply, as_json=as_json, written=_contacts)


def _asked(account_id: str, as_of: str | None, ask: Callable[[Any, str, Any], Any]) -> Any:
    """The answer for an account, whichever directory it is in or was in last."""
    from callboard.recipients import actions, storage
    from callboard.recipients.errors import AccountNotFound
    from callboard.tree import directories
    from callboard.wiring import build_runtime

    moment = moment_of(as_of)
    runtime = build_runtime(load())

    def work(connection: Any) -> Any:
        directory_id = storage.directory_of(connection, account_id) or ""
        found = directories.find(connection, directory_id)
        if found is None:
            raise AccountNotFound
        if moment is not None and moment > runtime.clock():
            raise StartupError(f"{as_of} is still to come.")
        manager = found.management_account_id
        situation = actions.situation(connection, directory_id, account_id, management_account_id=manager, as_of=moment)
        return ask(connection, directory_id, situation)

    try:
        return reading(runtime, work)
    except AccountNotFound as error:
        when = f" at {as_of}" if as_of else ""
        raise StartupError(f"There is no member account {printable(account_id)}{when}.") from error
    finally:
        runtime.database.close()


def _show(reply: Any, *, as_json: bool, written: Callable[[Any], Iterator[str]]) -> None:
    import msgspec

    if as_json:
        answer = msgspec.to_builtins(reply)
        del answer["RequestId"]
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
        return
    for line in written(reply):
        click.echo(printable(line))


def _recipients(reply: Any) -> Iterator[str]:
    yield f"Told of a {reply.message_type} to {reply.account_id}:"
    yield from _people(reply.recipients, lambda each: f"by {' and '.join(each.channels)}")
    if reply.not_told:
        yield "Not told:"
        yield from _people(reply.not_told, lambda each: each.reason)


def _contacts(reply: Any) -> Iterator[str]:
    yield f"Contacts of {reply.account_id}:"
    yield from _people(reply.contacts, lambda each: ", ".join(each.message_types))


def _people(found: Iterable[Any], remark: Callable[[Any], str]) -> Iterator[str]:
    is_empty = True
    for each in found:
        is_empty = False
        yield f"  {each.name:12}  {each.title:20}  {_addresses(each)}  {remark(each)}"
        for path in each.paths:
            yield f"      {_way(path)}"
    if is_empty:
        yield "  nobody"


def _addresses(each: Any) -> str:
    email = f"{each.email_address}{'' if each.email_verified else ' (not verified)'}"
    if not each.phone_number:
        return email
    return f"{email}, {each.phone_number}{'' if each.phone_verified else ' (not verified)'}"


def _way(path: Any) -> str:
    scope = f"{path.scope_name} ({path.scope_id})" if path.scope_name else path.scope_id
    if path.cause:
        why = "the contact was deleted" if path.cause == "Deleted" else "the account left"
        return f"kept since {path.retained_date}, when {why}; it was bound to {scope}"
    return f"{path.kind.lower()}: bound to {scope} since {path.bound_date}"
