"""`callboard audit`: the trail of changes is read, written out, and checked against its seals."""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TextIO

import click

from callboard.cli.opening import load, moment_of, reading
from callboard.cli.output import cell, printable
from callboard.errors import StartupError

BATCH = 500
COLUMNS = (
    "EventTime",
    "AccountId",
    "Principal",
    "AccessKeyId",
    "SourceAddress",
    "ActionName",
    "Resource",
    "ErrorCode",
    "RequestId",
    "Before",
    "After",
    "SealNumber",
)
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})", re.ASCII)

Write = Callable[[dict[str, str]], None]


@click.group(invoke_without_command=True)
@click.option("--account", help="Of one account; without: of all.")
@click.option("--since", help="From this moment on (UTC): YYYY-MM-DDTHH:MM:SSZ.")
@click.option("--until", help="Before this moment (UTC).")
@click.option("--actor", help="An ARN, an access key, operator, owner; with --account also root or a user's name.")
@click.option("--action", help="The name of the action.")
@click.option("--resource", help="The resource, to the letter.")
@click.option("--error", help="The code of a refusal; any: whatever was refused; none: what was changed.")
@click.option("--format", "form", type=click.Choice(("table", "jsonl", "csv")), default="table", show_default=True)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many records.")
@click.pass_context
def audit(context: click.Context, /, form: str, limit: int | None, **asked: str | None) -> None:
    """Print who changed what, and what was refused, newest first."""
    if context.invoked_subcommand is not None:
        return
    from callboard.wiring import build_runtime

    write = _WRITERS[form](sys.stdout)
    runtime = build_runtime(load())
    try:
        for number, record in enumerate(_records(runtime, **asked), 1):
            write(record)
            if number == limit:
                break
    finally:
        runtime.database.close()


def _records(
    runtime: Any,
    *,
    account: str | None,
    since: str | None,
    until: str | None,
    actor: str | None,
    action: str | None,
    resource: str | None,
    error: str | None,
) -> Iterator[dict[str, str]]:
    """The records asked for, a batch in memory at a time."""
    from callboard.audit import query

    asked = query.Query(
        account_id=account,
        since=moment_of(since),
        before=moment_of(until),
        action=action,
        resource=resource,
        error=error,
    )
    if actor is not None:
        asked = reading(runtime, partial(query.of_actor, query=asked, name=actor))
        if account is None and (asked.principal or actor) != actor:
            raise StartupError(f"Name the --account of {actor}, or say who it is by an ARN.")
    found, place = reading(runtime, partial(query.page, query=asked, after=None, limit=BATCH))
    yield from map(_shown, found)
    while place is not None:
        found, place = reading(runtime, partial(query.page, query=asked, after=place, limit=BATCH))
        yield from map(_shown, found)


def _shown(record: Any) -> dict[str, str]:
    from callboard.clock import write_moment

    values = (
        write_moment(record.at),
        record.account_id,
        record.principal,
        record.access_key_id,
        record.source_address,
        record.action,
        record.resource,
        record.error,
        record.request_id,
        record.before,
        record.after,
        record.seal_number,
    )
    return {name: value for name, value in zip(COLUMNS, values, strict=True) if value is not None}


def _table(out: TextIO) -> Write:
    def write(record: dict[str, str]) -> None:
        shown = (record.get(name, "-") for name in ("EventTime", "Principal", "ActionName", "Resource", "ErrorCode"))
        out.write(printable("  ".join(shown)) + "\n")

    return write


def _jsonl(out: TextIO) -> Write:
    import msgspec

    return lambda record: print(msgspec.json.encode(record).decode(), file=out)


def _csv(out: TextIO) -> Write:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    return lambda record: writer.writerow([cell(str(record.get(name, ""))) for name in COLUMNS])


_WRITERS: dict[str, Callable[[TextIO], Write]] = {"table": _table, "jsonl": _jsonl, "csv": _csv}


@audit.command()
@click.option("--head", "noted", help="A head that was noted before, as NUMBER:HEX: it must be part of the chain.")
@click.pass_context
def verify(context: click.Context, noted: str | None) -> None:
    """Check every record of the trail against its seal. Exit code 1: the chain is broken."""
    from callboard.audit.sealing import Broken
    from callboard.wiring import build_runtime

    expected = _HEAD.fullmatch(noted or "")
    if noted is not None and expected is None:
        raise StartupError("A head is a number, a colon and 64 hexadecimal digits, as `callboard audit verify` shows.")
    runtime = build_runtime(load())
    try:
        head = _verified(runtime)
        if expected is not None:
            _check_noted(runtime, int(expected[1]), bytes.fromhex(expected[2]))
    except Broken as error:
        click.echo(f"callboard: the audit trail is broken: {error}", err=True)
        context.exit(1)
    finally:
        runtime.database.close()
    click.echo(f"{head.number} records, each as it was sealed.")
    click.echo(f"Head: {head.noted}   (note it elsewhere, and check it the next time)")


def _verified(runtime: Any) -> Any:
    """The head of the chain, once all of it was found to be right. Raises Broken."""
    from callboard.audit import sealing

    while runtime.database.run(lambda connection: sealing.seal(connection, runtime.vault)):
        continue
    upto = reading(runtime, sealing.head)
    checked = sealing.Head(0, sealing.FIRST_SEAL)
    is_shown = sys.stderr.isatty()
    with click.progressbar(length=upto.number, label="Checking", file=sys.stderr, hidden=not is_shown) as bar:
        while checked.number < upto.number:
            after = checked
            checked = reading(runtime, partial(sealing.verify, vault=runtime.vault, after=after, upto=upto))
            bar.update(checked.number - after.number)
    reading(runtime, sealing.check_end)
    return upto


def _check_noted(runtime: Any, number: int, seal: bytes) -> None:
    from callboard.audit import sealing

    if number and reading(runtime, lambda connection: sealing.seal_of(connection, number)) != seal:
        raise sealing.Broken(
            f"The noted head, record {number}, is no part of the chain: it was cut back, or made anew."
        )
