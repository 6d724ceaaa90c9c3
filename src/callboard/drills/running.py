"""Drills run: started by hand or when they are due, and published account by account, however often it is cut short.

Any number of processes may do it: the directory is locked first. A run publishes in the order of account ids and goes
on after the last one that it has published about, so that nothing is published twice.
"""

from callboard.audit import storage as audit
from callboard.call import Call, Moment
from callboard.drills import reached, rules, storage
from callboard.drills.shapes import ONE_DRILL
from callboard.drills.storage import Drill, Run
from callboard.drills.texts import TEXTS
from callboard.messages import publishing
from callboard.messages.publishing import Wanted
from callboard.messages.rules import Kind, Severity
from callboard.messages.shapes import Body
from callboard.tree import directories

START = "StartDrill"
BATCH = 20
"""Accounts that one transaction publishes about."""


def start(call: Call, drill: Drill, *, at: Moment) -> Run:
    """Begin a run at a moment of the directory; its messages follow."""
    run = Run(call.new_id("dr-"), drill.drill_id, at)
    storage.add_run(call.connection, call.directory_id, run)
    resource = ONE_DRILL.format(AccountId=call.principal.account_id, DrillId=drill.drill_id)
    audit.add(call.connection, audit.Source.of(call), START, resource, after=run)
    return run


def start_due(call: Call) -> int:
    """Begin the drill of the directory that has been due the longest, and set its next start; 0 when none is due."""
    at = directories.change(call.connection, call.directory_id, now=call.now)
    drill = storage.due(call.connection, call.directory_id, now=call.now)
    if drill is None or drill.starts_at is None:
        return 0
    start(call, drill, at=at)
    again = rules.next_start(drill.starts_at, drill.period_ms, now=call.now)
    storage.put_start(call.connection, call.directory_id, drill.drill_id, again)
    return 1


def publish_next(call: Call) -> int:
    """Publish about the next accounts of the directory's oldest run that has not published all; 0 when there is none.

    The window counts from the last message on.
    """
    directories.lock(call.connection, call.directory_id)
    run = storage.publishing(call.connection, call.directory_id)
    directory = directories.find(call.connection, call.directory_id)
    if run is None or directory is None:
        return 0
    drill = storage.find(call.connection, call.directory_id, run.drill_id)
    assert drill is not None, "a run goes with its drill"
    after = reached.last(call.connection, call.directory_id, run.run_id)
    found = reached.below(call.connection, directory, drill.target_id, since=run.started_at, after=after, limit=BATCH)
    last_at = call.now
    for account_id in found:
        last_at = publishing.publish(call, _wanted(drill, run, account_id)).message.created_at
    if len(found) < BATCH:
        storage.close(call.connection, call.directory_id, run.run_id, closes_at=last_at + drill.window_ms)
    return 1


def _wanted(drill: Drill, run: Run, account_id: str) -> Wanted:
    text = TEXTS["en"]
    return Wanted(
        account_id=account_id,
        message_type=drill.message_type,
        severity=Severity.WARNING,
        subject=text.subject,
        body=Body(text.content, translations=dict(TEXTS)),
        lifetime_s=drill.window_ms // 1000,
        # A caller's key has no blanks.
        idempotency_key=f"drill {run.run_id} {account_id}",
        kind=Kind.DRILL,
        run_id=run.run_id,
        asks_acknowledgement=True,
    )
