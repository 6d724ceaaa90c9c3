"""`callboard mailbox` and `callboard letters`: what was written, what came of it, and what failed."""

from datetime import UTC, datetime
from typing import Any

import click

from callboard.cli.opening import load, reading, with_database
from callboard.errors import StartupError

STATES = ("waiting", "sent", "failed", "kept", "withdrawn")


@click.command()
@click.argument("address", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON, a letter a line.")
@click.option("--limit", default=20, show_default=True, help="At most so many letters.")
def mailbox(address: str | None, limit: int, *, as_json: bool) -> None:
    """Read the letters that stayed here, newest last: to ADDRESS, or to everybody."""
    import msgspec

    from callboard.contacts.addresses import key_of
    from callboard.delivery import lists
    from callboard.messages import writing
    from callboard.web.mailbox import shown
    from callboard.wiring import build_runtime

    key = None if address is None else key_of(address)
    runtime = build_runtime(load())

    def work(connection: Any) -> Any:
        kept = lists.mailbox(connection, runtime.vault, recipient_key=key, limit=limit)
        return writing.written(connection, runtime.vault, runtime.terms, kept)

    try:
        found = reading(runtime, work)
    finally:
        runtime.database.close()
    for letter in reversed(found):
        if as_json:
            click.echo(msgspec.json.encode(shown(letter)).decode())
            continue
        click.echo(f"--- {_moment(letter.created_at)}  {letter.channel.value} to {letter.recipient}")
        if letter.content.subject:
            click.echo(f"Subject: {letter.content.subject}\n")
        click.echo(letter.content.text.rstrip() + "\n")
    if not found and not as_json:
        click.echo("The mailbox has no such letter." if address else "The mailbox is empty.", err=True)


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice(STATES), default="failed", show_default=True, help="Which letters.")
@click.option("--limit", default=50, show_default=True, help="At most so many letters.")
@click.pass_context
def letters(context: click.Context, state: str, limit: int) -> None:
    """List letters, newest first, with the provider's last answer: those that failed, unless told otherwise."""
    if context.invoked_subcommand is not None:
        return
    from callboard.delivery import lists, outbox

    found = with_database(lambda connection, _: lists.page(connection, outbox.State(state), limit=limit))
    for each in found:
        click.echo(
            f"{each.letter_id}  {_moment(each.created_at)}  {each.channel}  {each.recipient}  {each.state}  "
            f"tries {each.attempts}  {each.answer or ''}".rstrip()
        )
    if not found:
        click.echo(f"No letter is {state}.", err=True)


@letters.command()
@click.argument("letter_id", required=False)
@click.option("--all", "takes_all", is_flag=True, help="Every letter that failed and is still of use.")
def retry(letter_id: str | None, *, takes_all: bool) -> None:
    """Let a failed letter be tried again, at once."""
    from callboard.clock import wall_clock
    from callboard.delivery import outbox

    if (letter_id is None) != takes_all:
        raise StartupError("Name one letter, or say --all.")
    now = wall_clock()
    if letter_id is None:
        click.echo(f"{with_database(lambda connection, _: outbox.retry_all(connection, now=now))} letters wait again.")
    elif with_database(lambda connection, _: outbox.retry(connection, letter_id, now=now)):
        click.echo(f"{letter_id} waits again.")
    else:
        raise StartupError(f"{letter_id} is no letter that failed, or what it asks for has expired: send a new one.")


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
