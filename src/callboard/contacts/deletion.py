"""The asynchronous deletion: a contact is taken out of the members, then it is gone.

DeleteMessageContact starts it; any process that shares the database finishes it in the background.
"""

from callboard.audit import storage as audit
from callboard.call import Moment
from callboard.contacts import storage
from callboard.contacts.shapes import ONE_CONTACT
from callboard.database.statement import Connection

BATCH = 100


def finish_due(connection: Connection, *, now: Moment) -> int:
    """Finish the deletions under way; how many contacts are gone now."""
    due = storage.due_deletions(connection, limit=BATCH)
    for each in due:
        contact = storage.lock(connection, each.directory_id, each.contact_id)
        storage.delete_(connection, each.directory_id, each.contact_id)
        source = audit.Source(each.account_id, now, each.request_id, each.principal)
        resource = ONE_CONTACT.format(AccountId=each.account_id, ContactId=each.contact_id)
        audit.add(connection, source, "FinishDeletion", resource, before=contact)
    return len(due)
