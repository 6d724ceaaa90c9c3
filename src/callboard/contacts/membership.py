"""What becomes of contacts when the tree changes: a member moves or leaves, a folder or the directory goes.

The directory's actions ask here, within their transaction, with the moment of the change.
"""

from collections.abc import Iterable

from callboard.call import Call, Moment
from callboard.contacts import bindings, errors, refusals, retained, storage
from callboard.contacts.rules import Contact
from callboard.database.statement import Connection
from callboard.delivery import outbox
from callboard.tree import folders, members, scopes


def check_may_move(call: Call, account_id: str, destination: folders.Folder) -> None:
    """Raise ConcurrentCall while a contact is being taken out of a folder above the member, before or after its move.

    Documented of the folders that a member is in (behaviour.md, section 4); where nothing blocks a move (profile
    open), there are no such tasks.
    """
    before = scopes.of_account(call.connection, call.directory_id, account_id) or ()
    after = scopes.on_path(call.directory_id, destination.path)
    if bindings.has_task(call.connection, call.directory_id, before) or bindings.has_task(
        call.connection, call.directory_id, after
    ):
        raise errors.ConcurrentCall


def leave(call: Call, account_id: str, *, at: Moment) -> None:
    """A member is about to be removed: it keeps its contacts where the profile has it so, and is bound to none."""
    directory_id = call.directory_id
    if call.profile.leavers_keep_contacts:
        for contact, bound_to in _kept_on_leaving(call, account_id):
            retained.keep(
                call.connection, directory_id, contact, account_id, cause=retained.LEFT, bound_to=bound_to, at=at
            )
    bindings.unbind_target(call.connection, directory_id, account_id, at=at)
    members.remove(call.connection, directory_id, account_id, at=at)


def finish_unbinding(connection: Connection) -> int:
    """End the tasks of contacts that were taken out of folders or directories; how many they were.

    Who is told has changed with the commit of DisassociateMembers already, so a task that can be seen is done.
    """
    return bindings.end_tasks(connection)


def drop_folder(call: Call, folder_id: str, *, at: Moment) -> None:
    """A folder is about to be deleted: nothing is bound to it any more."""
    bindings.unbind_target(call.connection, call.directory_id, folder_id, at=at)


def drop_directory(call: Call) -> None:
    """The directory is about to be removed: its contacts go, with all that is kept of them, and letters are taken back.

    What is past goes with the directory itself. Whoever holds a contact is waited for; a letter or a refusal that he
    writes meanwhile is gone as well.
    """
    storage.delete_all(call.connection, call.directory_id)
    refusals.forget(call.connection, call.directory_id)
    outbox.withdraw_all(call.connection, call.directory_id)


def _kept_on_leaving(call: Call, account_id: str) -> Iterable[tuple[Contact, str]]:
    """The contacts that a member has, each with the nearest scope that led to it: bound ones, and deleted ones that it
    keeps for as long as it is a member.
    """
    above = scopes.of_account(call.connection, call.directory_id, account_id) or ()
    bound = bindings.in_effect(call.connection, call.directory_id, above)
    from_the_top = sorted(bound, key=lambda each: above.index(each.target_id))
    places = members.places(call.connection, call.directory_id, account_id)
    kept = retained.of_account(call.connection, call.directory_id, account_id, places)
    found = {each.contact.contact_id: (each.contact, each.bound_to) for each in kept if each.cause == retained.DELETED}
    found |= {
        each.contact.contact_id: (each.contact, each.target_id) for each in from_the_top if each.contact.is_in_effect
    }
    return found.values()
