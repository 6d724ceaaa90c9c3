"""`callboard publish` and `callboard test-contact`: messages sent from a shell."""

from functools import partial
from typing import IO, Any

import click

from callboard.cli.acting import act, variables
from callboard.cli.output import printable
from callboard.contacts.rules import MESSAGE_TYPES
from callboard.errors import StartupError

SEVERITIES = ("Critical", "Warning", "Info")


@click.command()
@click.argument("account_id")
@click.argument("message_type", type=click.Choice(MESSAGE_TYPES))
@click.option("--severity", type=click.Choice(SEVERITIES), required=True, help="How much it matters.")
@click.option("--subject", help="What it is about, on one line.")
@click.option("--file", "content", type=click.File(encoding="utf-8"), help="What it says; without: stdin.")
@click.option("--markdown", "is_markdown", is_flag=True, help="That text is Markdown.")
@click.option("--template", help="The template that makes subject and content.")
@click.option("--var", "given_variables", multiple=True, metavar="NAME=VALUE", help="A variable of the template.")
@click.option("--link", help="Where more is to be read: http or https.")
@click.option("--ttl", type=int, help="How long delivery is tried, in seconds: 60 to 604800.")
@click.option("--sender", help="Who publishes it.")
@click.option("--key", help="An idempotency key: sent again with it within 24 hours, nothing is published twice.")
def publish(
    account_id: str,
    message_type: str,
    severity: str,
    subject: str | None,
    content: IO[str] | None,
    *,
    is_markdown: bool,
    template: str | None,
    given_variables: tuple[str, ...],
    link: str | None,
    ttl: int | None,
    sender: str | None,
    key: str | None,
) -> None:
    """Publish a message about ACCOUNT_ID to everybody who is told of MESSAGE_TYPE; print its id."""
    if template is None and subject is None:
        raise StartupError("Give a --subject, or a --template.")
    text = content or (click.open_file("-", encoding="utf-8") if template is None else None)
    given = {
        "AccountId": account_id,
        "MessageType": message_type,
        "Severity": severity,
        "Subject": subject,
        "Content": None if text is None else _read(text),
        "ContentType": "Markdown" if is_markdown else None,
        "TemplateName": template,
        "Variables": variables(given_variables),
        "Link": link,
        "TimeToLive": ttl,
        "Sender": sender,
        "IdempotencyKey": key,
    }
    reply = act("PublishMessage", given, partial(_directory_of_account, account_id))
    click.echo(reply.message_id)
    if reply.fallback:
        click.echo("callboard: nobody is told of that; the fallback address gets it.", err=True)


@click.command("test-contact")
@click.argument("contact_id")
@click.option("--type", "message_type", type=click.Choice(MESSAGE_TYPES), help="As a message of this type.")
def test_contact(contact_id: str, message_type: str | None) -> None:
    """Send a test message to CONTACT_ID by all that it has proven; print its id."""
    given = {"ContactId": contact_id, "MessageType": message_type}
    click.echo(act("SendTestMessage", given, partial(_directory_of_contact, contact_id)).message_id)


def _read(file: IO[str]) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise StartupError("The text is not UTF-8.") from error


def _directory_of_account(account_id: str, connection: Any) -> Any:
    from callboard.recipients.storage import directory_of
    from callboard.tree import directories

    found = directories.find(connection, directory_of(connection, account_id) or "")
    if found is None:
        raise StartupError(f"There is no member account {printable(account_id)}.")
    return found


def _directory_of_contact(contact_id: str, connection: Any) -> Any:
    from callboard.contacts.storage import directory_of
    from callboard.tree import directories

    found = directories.find(connection, directory_of(connection, contact_id) or "")
    if found is None:
        raise StartupError(f"There is no contact {printable(contact_id)}.")
    return found
