"""The asynchronous deletion: a contact is taken out of the members, then it is gone.

DeleteMessageContact starts it; any process that shares the database finishes it in the background.
"""

from msgspec.structs import replace

from callboard.audit import storage as audit
from callboard.call import Moment
from callboard.contacts import bindings, losses, retained, storage
from callboard.contacts.rules import Status
from callboard.contacts.shapes import ONE_CONTACT
from callboard.database.statement import Connection
from callboard.tree import directories


def finish_due(connection: Connection, *, now: Moment) -> int:
    """Finish the deletion that waits the longest; 0 when none does.

    The contact is gone, in members that left it included. If a member would lose its last recipient of a type of
    messages, nothing is unbound: the deletion has failed, and the contact stands where it stood. Of such members
    `losses.MOST_FAILURES` are kept.
    """
    due = storage.due_deletion(connection)
    if due is None:
        return 0
    directory_id, contact_id = due.directory_id, due.contact_id
    at = directories.change(connection, directory_id, now=now)
    contact = storage.lock(connection, directory_id, contact_id)
    deletion = storage.deletion(connection, directory_id, contact_id)
    if contact is None or deletion is None or deletion.status != Status.DELETING:
        return 1  # Another process has finished it before the lock was ours.
    bound = bindings.targets(connection, directory_id, contact_id)
    failures = losses.find(connection, directory_id, contact, bound)
    source = audit.Source(due.account_id, now, due.request_id, due.principal)
    resource = ONE_CONTACT.format(AccountId=due.account_id, ContactId=contact_id)
    if failures:
        restored = replace(contact, status=deletion.former_status, modified_at=at)
        storage.save(connection, directory_id, restored)
        storage.fail_deletion(connection, directory_id, contact_id, failures)
        audit.add(connection, source, "FinishDeletion", resource, before=contact, after=restored)
        return 1
    bindings.unbind_contact(connection, directory_id, contact_id, at=at)
    retained.release(connection, directory_id, contact_id, at=at)
    storage.delete_(connection, directory_id, contact_id)
    audit.add(connection, source, "FinishDeletion", resource, before=contact)
    return 1
