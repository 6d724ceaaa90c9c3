"""`callboard deliveries`: what became of a message, or of all that went to a contact; also while it happens."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import click

from callboard.cli.opening import load, reading
from callboard.cli.output import printable
from callboard.errors import StartupError

POLL_S = 0.5
MOST_OF_CONTACT = 100
QUEUED = "Queued"

Find = Callable[[Any, Any], Any]
"""From a runtime and a connection to a message, or to a list of deliveries; None for what is not there."""


@click.command()
@click.argument("message_id", required=False)
@click.option("--contact", "contact_id", help="What went to this contact, newest first, instead of one message.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as the API answers; with --follow an object a line.")
@click.option("--follow", "follows", is_flag=True, help="Print each change of state until nothing is queued any more.")
def deliveries(message_id: str | None, contact_id: str | None, *, as_json: bool, follows: bool) -> None:
    """Tell what became of MESSAGE_ID: to whom it went, by what, why, and what the providers said."""
    if (message_id is None) == (contact_id is None):
        raise StartupError("Name one message, or one --contact.")
    find = _message(message_id) if message_id is not None else _of_contact(contact_id or "")
    missing = f"message {message_id}" if message_id is not None else f"delivery to contact {contact_id}"
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())
    try:
        if follows:
            _follow(runtime, find, missing, as_json=as_json)
        else:
            _show(_found(runtime, find, missing), as_json=as_json)
    except KeyboardInterrupt:  # Who follows has seen enough.
        pass
    finally:
        runtime.database.close()


def _message(message_id: str) -> Find:
    from callboard.messages import answers, storage

    def find(runtime: Any, connection: Any) -> Any:
        directory_id = storage.directory_of(connection, message_id) or ""
        found = storage.find(connection, runtime.vault, directory_id, message_id)
        return None if found is None else answers.whole(connection, directory_id, *found)

    return find


def _of_contact(contact_id: str) -> Find:
    """In whichever directory: ids are given once, and what went to a contact that is gone can be asked for, too."""
    from callboard.messages import outcomes
    from callboard.tree import directories

    def find(runtime: Any, connection: Any) -> Any:
        request = outcomes.ListDeliveries(contact_id=contact_id, max_results=MOST_OF_CONTACT)
        for directory in directories.every(connection):
            reply = outcomes.list_deliveries(runtime.own_call(connection, directory), request)
            if reply.deliveries:
                return reply.deliveries
        return None

    return find


def _found(runtime: Any, find: Find, missing: str) -> Any:
    found = reading(runtime, lambda connection: find(runtime, connection))
    if found is None:
        raise StartupError(f"There is no {printable(missing)}.")
    return found


def _show(found: Any, *, as_json: bool) -> None:
    import msgspec

    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for line in _lines_of_contact(found) if isinstance(found, list) else _lines(found):
        click.echo(printable(line))


def _follow(runtime: Any, find: Find, missing: str, *, as_json: bool) -> None:
    """Each delivery as it stands, and then each change, the oldest message first."""
    import msgspec

    from callboard.clock import write_moment

    known: dict[str, tuple[str, int]] = {}
    while True:
        found = _found(runtime, find, missing)
        every = list(reversed(found)) if isinstance(found, list) else found.deliveries
        for each in every:
            standing = (each.state, each.attempt_count)
            if known.get(each.delivery_id) != standing:
                line = f"{write_moment(runtime.clock())}  {each.message_id}  {_standing(each)}"
                click.echo(msgspec.json.encode(each).decode() if as_json else printable(line))
            known[each.delivery_id] = standing
        if all(each.state != QUEUED for each in every):
            return
        time.sleep(POLL_S)


def _lines(found: Any) -> Iterator[str]:
    yield _head(found)
    if found.fallback:
        yield "Nobody would have been told: the fallback address gets it."
    for each in found.deliveries:
        yield from _delivery(each)


def _lines_of_contact(found: list[Any]) -> Iterator[str]:
    for each in found:
        yield f"{_head(each)} ({each.message_id})"
        yield from _delivery(each)


def _head(found: Any) -> str:
    return f"{found.severity} {found.message_type} about {found.account_id}, {found.create_date}: {found.subject}"


def _delivery(each: Any) -> Iterator[str]:
    yield f"  {_standing(each)}"
    if each.contact_id:
        paths = ", ".join(f"{path.kind} {path.scope_name or path.scope_id}" for path in each.paths)
        yield f"      for {each.name} ({each.contact_id}): {paths}"
    for attempt in each.attempts:
        yield f"      {attempt.attempt_date}  {attempt.provider}: {attempt.outcome}  {attempt.answer}"


def _standing(each: Any) -> str:
    reason = f" ({each.suppression_reason})" if each.suppression_reason else ""
    return f"{each.channel:7} {each.recipient:32} {each.state}{reason}, tries {each.attempt_count}"
