"""`callboard coverage`: for every member and type of messages, whether anybody is told."""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TextIO

import click

from callboard.cli.acting import directory_of
from callboard.cli.opening import load, reading
from callboard.cli.output import PIPE_CLOSED, cell, forsake_stdout, printable
from callboard.contacts.rules import MESSAGE_TYPES
from callboard.errors import StartupError

COLUMNS = (
    "AccountId",
    "DisplayName",
    "FolderId",
    "FolderName",
    "MessageType",
    "Kind",
    "Verified",
    "Unverified",
)
_TABLE = (
    "{AccountId:20}  {DisplayName:24}  {FolderName:20}  {MessageType:15}  {Kind:10}  {Verified:>8}  {Unverified:>10}"
)

Row = dict[str, Any]


@click.command()
@click.option("--account", help="The management account; needed where there are several.")
@click.option("--folder", help="Only members in this folder, or in one below it.")
@click.option(
    "--message-type", "message_types", type=click.Choice(MESSAGE_TYPES), multiple=True, help="Only this type."
)
@click.option("--gaps-only", is_flag=True, help="Leave out what two recipients or more are told of.")
@click.option("--fail-on-gaps", is_flag=True, help="Exit code 1 if a member has a type that nobody is told of.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "jsonl", "csv")), default="table", show_default=True
)
@click.pass_context
def coverage(
    context: click.Context,
    account: str | None,
    folder: str | None,
    message_types: tuple[str, ...],
    form: str,
    *,
    gaps_only: bool,
    fail_on_gaps: bool,
) -> None:
    """Print how many recipients each member has for each type of messages.

    Kinds: None (nobody at all), Unverified (only contacts that have not proven their address), One, Covered (two or
    more). With --fail-on-gaps, None and Unverified make exit code 1; errors are 2.
    """
    from callboard.recipients.coverage import GAPS, UNTOLD, Kind
    from callboard.wiring import build_runtime

    counts: Counter[str] = Counter()
    runtime = build_runtime(load())
    try:
        report, total = reading(runtime, lambda connection: _opened(connection, account, folder))
        found = _counted(_lines(runtime, report, total), message_types or MESSAGE_TYPES, counts)
        shown = GAPS if gaps_only else tuple(Kind)
        _WRITERS[form]((_row(line) for line in found if line.kind in shown), sys.stdout)
        if form == "table":
            click.echo(_summary(counts))
        sys.stdout.flush()
    except BrokenPipeError:
        forsake_stdout()
        context.exit(PIPE_CLOSED)
    finally:
        runtime.database.close()
    if fail_on_gaps and any(counts[kind] for kind in UNTOLD):
        context.exit(1)


def _counted(lines: Iterable[Any], message_types: Iterable[str], counts: Counter[str]) -> Iterator[Any]:
    """The lines of these types, each counted under its kind as it passes."""
    for line in lines:
        if line.message_type in message_types:
            counts[line.kind] += 1
            yield line


def _lines(runtime: Any, report: Any, total: int) -> Iterator[Any]:
    """The lines of every member, a page of members in memory at a time."""
    is_shown = sys.stderr.isatty() and not sys.stdout.isatty()
    with click.progressbar(length=total, label="Members", file=sys.stderr, hidden=not is_shown) as bar:
        found, place = reading(runtime, partial(report.page, after=None))
        while True:
            yield from found
            bar.update(len(found) // len(MESSAGE_TYPES))
            if place is None:
                return
            found, place = reading(runtime, partial(report.page, after=place))


def _opened(connection: Any, account: str | None, folder_id: str | None) -> tuple[Any, int]:
    """The report, and the number of its members."""
    from msgspec import UNSET

    from callboard.recipients.actions import top
    from callboard.recipients.errors import FolderNotFound
    from callboard.recipients.report import Report

    directory_id = directory_of(connection, account).directory_id
    try:
        folder = top(connection, directory_id, folder_id or UNSET)
    except FolderNotFound as error:
        raise StartupError(f"There is no folder {folder_id}.") from error
    report = Report(connection, directory_id, folder)
    return report, report.count(connection)


def _row(line: Any) -> Row:
    values = (
        line.account_id,
        line.display_name,
        line.folder_id,
        line.folder_name,
        line.message_type,
        line.kind.value,
        line.verified,
        line.unverified,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _summary(counts: Counter[str]) -> str:
    from callboard.recipients.coverage import Kind

    return ", ".join(f"{kind.value} {counts[kind]}" for kind in Kind)


def _table(rows: Iterable[Row], out: TextIO) -> None:
    out.write(_TABLE.format(**{name: name for name in COLUMNS}) + "\n")
    out.writelines(printable(_TABLE.format(**row)) + "\n" for row in rows)


def _jsonl(rows: Iterable[Row], out: TextIO) -> None:
    out.writelines(_json(row) + "\n" for row in rows)


def _json_document(rows: Iterable[Row], out: TextIO) -> None:
    out.write("[")
    separator = "\n"
    for row in rows:
        out.write(separator + _json(row))
        separator = ",\n"
    out.write("\n]\n")


def _json(row: Row) -> str:
    import msgspec

    return msgspec.json.encode(row).decode()


def _csv(rows: Iterable[Row], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cell(str(row[name])) for name in COLUMNS])


_WRITERS: dict[str, Callable[[Iterable[Row], TextIO], None]] = {
    "table": _table,
    "json": _json_document,
    "jsonl": _jsonl,
    "csv": _csv,
}
