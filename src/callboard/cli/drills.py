"""`callboard drills`: rehearsals listed, run, and their results taken out, beside the server."""

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

from callboard.cli.acting import directory_of, opened
from callboard.cli.opening import reading
from callboard.cli.output import PIPE_CLOSED, cell, forsake_stdout, printable
from callboard.errors import StartupError

COLUMNS = (
    "AccountId",
    "DisplayName",
    "AccountState",
    "ContactId",
    "Name",
    "ContactState",
    "Channel",
    "Recipient",
    "DeliveryState",
    "AcknowledgementDate",
)
PAGE = 100


@click.group()
def drills() -> None:
    """Drills: who acknowledges a message in time."""


@drills.command("list")
@click.option("--account", help="The management account; needed where there are several.")
def list_drills(account: str | None) -> None:
    """List the drills with their last runs."""
    for line in _reading(lambda runtime, connection: list(_listed(runtime, connection, account))):
        click.echo(printable(line))


@drills.command()
@click.argument("drill_id")
def start(drill_id: str) -> None:
    """Run DRILL_ID now; print the id of the run. The server publishes its messages in the background."""
    from callboard.drills import actions

    with opened() as runtime:
        reply = runtime.database.run(
            lambda connection: actions.start_drill(
                _call(runtime, connection, drill_id), actions.StartDrill(drill_id=drill_id)
            )
        )
    click.echo(reply.run_id)


@drills.command()
@click.argument("drill_id")
@click.argument("run_id", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="As CSV: a line for each delivery, and for each account untold.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as the API answers, all pages in one.")
@click.pass_context
def result(context: click.Context, drill_id: str, run_id: str | None, *, as_csv: bool, as_json: bool) -> None:
    """Tell what came of RUN_ID of DRILL_ID, or of its last run."""
    if as_csv and as_json:
        raise StartupError("Choose one of --csv and --json.")
    found = _reading(lambda runtime, connection: _result(_call(runtime, connection, drill_id), drill_id, run_id))
    try:
        (_csv if as_csv else _json if as_json else _table)(found)
        sys.stdout.flush()
    except BrokenPipeError:
        forsake_stdout()
        context.exit(PIPE_CLOSED)


def _reading(work: Callable[[Any, Any], Any]) -> Any:
    """What work(runtime, connection) reads, a refusal as one line."""
    with opened() as runtime:
        return reading(runtime, lambda connection: work(runtime, connection))


def _call(runtime: Any, connection: Any, drill_id: str) -> Any:
    """A call in the operator's name in the directory of a drill."""
    from callboard.drills import storage
    from callboard.drills.errors import DrillNotFound
    from callboard.tree import directories

    directory = directories.find(connection, storage.directory_of(connection, drill_id) or "")
    if directory is None:
        raise DrillNotFound
    return runtime.own_call(connection, directory)


def _listed(runtime: Any, connection: Any, account: str | None) -> Iterator[str]:
    from callboard.drills import actions

    call = runtime.own_call(connection, directory_of(connection, account))
    for each in actions.list_drills(call, actions.ListDrills()).drills:
        again = f", every {each.every_days} days" if each.every_days else ""
        begins = f", next {each.next_start_date}" if each.next_start_date else ""
        when = f"{each.window} s{again}{begins}"
        yield f"{each.drill_id}  {each.message_type} about {each.target_id}, {when}: {each.name}"
        for run in _runs(call, each.drill_id, limit=3):
            yield f"  {run.run_id}  {run.start_date}  {run.state}"


def _runs(call: Any, drill_id: str, *, limit: int) -> list[Any]:
    from callboard.drills import actions

    return list(actions.list_drill_runs(call, actions.ListDrillRuns(drill_id=drill_id, max_results=limit)).runs)


def _result(call: Any, drill_id: str, run_id: str | None) -> Any:
    """All pages of a result in one."""
    from msgspec import UNSET

    from callboard.drills import results

    if run_id is None:
        last = _runs(call, drill_id, limit=1)
        if not last:
            raise StartupError("The drill has not been run yet.")
        run_id = last[0].run_id
    whole = None
    after: Any = UNSET
    while whole is None or after:
        request = results.GetDrillResult(drill_id=drill_id, run_id=run_id, next_token=after, max_results=PAGE)
        page = results.get_drill_result(call, request)
        after = page.next_token
        if whole is None:
            whole = page
        else:
            whole.accounts += page.accounts
    whole.next_token = UNSET
    return whole


def _rows(found: Any) -> Iterator[dict[str, str]]:
    """A row for each delivery; one for an account that nobody would have been told of."""
    for account in found.accounts:
        head = (account.account_id, account.display_name or "", account.state)
        for contact in account.contacts:
            told = (contact.contact_id, contact.name, contact.state)
            for each in contact.deliveries:
                way = (each.channel, each.recipient, each.state, contact.acknowledgement_date or "")
                yield dict(zip(COLUMNS, (*head, *told, *way), strict=True))
        if not account.contacts:
            yield dict(zip(COLUMNS, (*head, *[""] * (len(COLUMNS) - len(head))), strict=True))


def _csv(found: Any) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(each) for each in row.values()] for row in _rows(found))


def _json(found: Any) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())


def _table(found: Any) -> None:
    run = found.run
    click.echo(f"{found.drill.drill_id} {run.run_id}, {run.start_date}: {run.state}")
    for name, counts in (("accounts", found.summary.accounts), ("contacts", found.summary.contacts)):
        click.echo(f"{name}: {', '.join(_counted(counts))}")
    for row in _rows(found):
        click.echo(
            printable("{AccountId:20}  {AccountState:12}  {Name:12}  {ContactState:12}  {Recipient}".format(**row))
        )


def _counted(counts: Any) -> Iterable[str]:
    return (f"{getattr(counts, name)} {name}" for name in counts.__struct_fields__)
