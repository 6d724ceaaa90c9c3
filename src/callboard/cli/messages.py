"""`callboard publish` and `callboard deliveries`: a message sent from a shell, and what became of one."""

from collections.abc import Iterator
from typing import Any, TextIO

import click

from callboard.cli.opening import load, reading
from callboard.cli.output import printable
from callboard.contacts.rules import MESSAGE_TYPES
from callboard.errors import ApiError, StartupError

SEVERITIES = ("Critical", "Warning", "Info")


@click.command()
@click.argument("account_id")
@click.argument("message_type", type=click.Choice(MESSAGE_TYPES))
@click.option("--severity", type=click.Choice(SEVERITIES), required=True, help="How much it matters.")
@click.option("--subject", required=True, help="What it is about, on one line.")
@click.option("--file", "content", type=click.File(encoding="utf-8"), default="-", help="What it says; without: stdin.")
@click.option("--markdown", "is_markdown", is_flag=True, help="That text is Markdown.")
@click.option("--link", help="Where more is to be read: http or https.")
@click.option("--ttl", type=int, help="How long delivery is tried, in seconds: 60 to 604800.")
@click.option("--sender", help="Who publishes it.")
@click.option("--key", help="An idempotency key: sent again with it within 24 hours, nothing is published twice.")
def publish(
    account_id: str,
    message_type: str,
    severity: str,
    subject: str,
    content: TextIO,
    *,
    is_markdown: bool,
    link: str | None,
    ttl: int | None,
    sender: str | None,
    key: str | None,
) -> None:
    """Publish a message about ACCOUNT_ID to everybody who is told of MESSAGE_TYPE; print its id."""
    given = {
        "AccountId": account_id,
        "MessageType": message_type,
        "Severity": severity,
        "Subject": subject,
        "Content": _read(content),
        "ContentType": "Markdown" if is_markdown else "Text",
        "Link": link,
        "TimeToLive": ttl,
        "Sender": sender,
        "IdempotencyKey": key,
    }
    reply = _published(given)
    click.echo(reply.message_id)
    if reply.fallback:
        click.echo("callboard: nobody is told of that; the fallback address gets it.", err=True)


@click.command()
@click.argument("message_id")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as the API answers.")
def deliveries(message_id: str, *, as_json: bool) -> None:
    """Tell what became of MESSAGE_ID: to whom it went, by what, why, and what the providers said."""
    import msgspec

    found = _found(message_id)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for line in _lines(found):
        click.echo(printable(line))


def _read(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise StartupError("The text is not UTF-8.") from error


def _published(given: dict[str, Any]) -> Any:
    """Publish as the API does, in the name of the operator, with the same checks."""
    from callboard.api.decode import decode
    from callboard.api.model import ACTIONS
    from callboard.errors import Conflict, Unavailable
    from callboard.messages import actions
    from callboard.recipients.storage import directory_of
    from callboard.tree import directories
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())

    def work(connection: Any) -> Any:
        request: Any = decode(ACTIONS["2026-11-25", "PublishMessage"], given, runtime.profile)
        directory = directories.find(connection, directory_of(connection, request.account_id) or "")
        if directory is None:
            raise StartupError(f"There is no member account {printable(request.account_id)}.")
        call = runtime.own_call(connection, directory)
        return actions.publish_message(call, request)

    try:
        return runtime.database.run(work)
    except ApiError as error:
        raise StartupError(error.message) from error
    except (Conflict, Unavailable) as error:
        raise StartupError(f"The database does not serve that now: {error}. Try again.") from error
    finally:
        runtime.database.close()


def _found(message_id: str) -> Any:
    from callboard.messages import answers, storage
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())

    def work(connection: Any) -> Any:
        directory_id = storage.directory_of(connection, message_id) or ""
        found = storage.find(connection, runtime.vault, directory_id, message_id)
        return None if found is None else answers.whole(connection, directory_id, *found)

    try:
        shown = reading(runtime, work)
    finally:
        runtime.database.close()
    if shown is None:
        raise StartupError(f"There is no message {printable(message_id)}.")
    return shown


def _lines(found: Any) -> Iterator[str]:
    yield f"{found.severity} {found.message_type} about {found.account_id}, {found.create_date}: {found.subject}"
    if found.fallback:
        yield "Nobody would have been told: the fallback address gets it."
    for each in found.deliveries:
        reason = f" ({each.suppression_reason})" if each.suppression_reason else ""
        yield f"  {each.channel:7} {each.recipient:32} {each.state}{reason}, tries {each.attempt_count}"
        if each.contact_id:
            paths = ", ".join(f"{path.kind} {path.scope_name or path.scope_id}" for path in each.paths)
            yield f"      for {each.name} ({each.contact_id}): {paths}"
        for attempt in each.attempts:
            yield f"      {attempt.attempt_date}  {attempt.provider}: {attempt.outcome}  {attempt.answer}"
