"""A directory of its own, whose tree and contacts are changed as the product's own functions change them.

Moments are the world's: each step takes place a second after the one before.
"""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from callboard.audit import storage as audit
from callboard.call import Call, Principal
from callboard.contacts import bindings, membership, retained, rules, storage
from callboard.contacts.rules import Address, Contact, Status
from callboard.contacts.shapes import ONE_CONTACT
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import bindings as table
from callboard.recipients import storage as situations
from callboard.recipients.rules import Situation
from callboard.tree import directories, folders, members, scopes
from callboard.tree.folders import Folder
from callboard.tree.members import Kind, Member
from tests.serving import Account

_BIND = insertion(table)
STEP_MS = 1000


def random_digits() -> str:
    return f"1{uuid.uuid4().int % 10**15:015d}"


class World:
    """One directory, and what happens in it."""

    def __init__(self, account: Account, *, now: int | None = None) -> None:
        self.account, self.server, self.directory_id = account, account.server, account.directory_id
        self.now = self.server.runtime.clock() if now is None else now
        found = self.run(lambda open_: directories.find(open_, self.directory_id))
        self.root_id = found.root_folder_id
        self.contacts: list[str] = []

    def run(self, work: Callable[[Connection], Any]) -> Any:
        return self.server.run(work)

    def _change(self, work: Callable[[Connection, int], Any]) -> Any:
        """A change of the tree, a second after whatever was before."""
        self.now += STEP_MS

        def locked(connection: Connection) -> Any:
            at = directories.change(connection, self.directory_id, now=self.now)
            assert at == self.now, "nobody else changes this directory"
            return work(connection, at)

        return self.run(locked)

    def call(self, connection: Connection) -> Call:
        runtime = self.server.runtime
        return Call(
            connection,
            self.now,
            "R",
            Principal(self.account.account_id, None),
            self.directory_id,
            runtime.profile,
            runtime.terms,
            runtime.vault,
            runtime.new_id,
        )

    # The tree

    def folder(self, name: str, parent_id: str | None = None) -> str:
        folder_id = f"fd-{uuid.uuid4().hex[:10]}"

        def work(connection: Connection, at: int) -> str:
            parent = folders.find(connection, self.directory_id, parent_id or self.root_id)
            made = Folder(folder_id, parent.folder_id, name, f"{parent.path}/{folder_id}", at)
            folders.add(connection, self.directory_id, made)
            return folder_id

        return str(self._change(work))

    def member(self, folder_id: str | None = None, *, name: str = "") -> str:
        account_id = random_digits()
        self._change(lambda connection, at: self._add(connection, account_id, folder_id or self.root_id, name, at))
        return account_id

    def members(self, number: int, folder_id: str | None = None) -> list[str]:
        """Many at once, in the order of their ids."""
        first = int(random_digits())

        def work(connection: Connection, at: int) -> list[str]:
            ids = [str(first + each) for each in range(number)]
            for each in ids:
                self._add(connection, each, folder_id or self.root_id, "", at)
            return ids

        return list(self._change(work))

    def _add(self, connection: Connection, account_id: str, folder_id: str, name: str, at: int) -> None:
        member = Member(
            account_id=account_id,
            folder_id=folder_id,
            display_name=name or account_id,
            account_name=f"{account_id}@{self.directory_id}.aliyunid.com",
            kind=Kind.CLOUD,
            status="CreateSuccess",
            payer_account_id=None,
            joined_at=at,
            modified_at=at,
            placed_at=at,
        )
        members.add(connection, self.directory_id, member)

    def move(self, account_id: str, folder_id: str) -> None:
        """To where it is already: nothing changes, as MoveAccount has it."""

        def work(connection: Connection, at: int) -> None:
            member = members.find(connection, self.directory_id, account_id)
            if member.folder_id != folder_id:
                members.move(connection, self.directory_id, account_id, folder_id, at=at)

        self._change(work)

    def remove(self, account_id: str) -> None:
        self._change(lambda connection, at: membership.leave(self.call(connection), account_id, at=at))

    # Contacts

    def contact(self, name: str = "", *, types: tuple[str, ...] = ("FaultMessage",), **more: Any) -> str:
        """A contact; `is_proven` unless told otherwise, `phone` and `is_phone_proven` where there is one."""
        self.now += STEP_MS
        contact_id = f"c-{uuid.uuid4().hex[:16]}"
        name = name or f"n{uuid.uuid4().hex[:12]}".translate(str.maketrans("0123456789", "ghijklmnop"))
        phone = more.get("phone")
        made = Contact(
            contact_id=contact_id,
            name=name[:12],
            title="CEO",
            message_types=types,
            status=Status.VERIFYING,
            email=Address(more.get("email", f"{name}@example.com")),
            phone=Address(phone) if phone else None,
            created_at=self.now,
            modified_at=self.now,
        )

        def work(connection: Connection) -> None:
            storage.add(connection, self.directory_id, made)
            self._record(connection, "AddMessageContact", None, made)

        self.run(work)
        self.contacts.append(contact_id)
        if more.get("is_proven", True):
            self.prove(contact_id, made.email.value)
        if phone and more.get("is_phone_proven"):
            self.prove(contact_id, phone)
        return contact_id

    def find(self, contact_id: str) -> Contact:
        found = self.run(lambda connection: storage.find(connection, self.directory_id, contact_id))
        assert isinstance(found, Contact)
        return found

    def prove(self, contact_id: str, target: str = "") -> None:
        """The named address, or whatever waits."""
        self.now += STEP_MS
        contact = self.find(contact_id)
        changed = contact
        for each in [target] if target else contact.unproven:
            changed = rules.prove(changed, each, at=self.now)
        self._save("ConfirmMessageContactVerification", contact, changed)

    def update(self, contact_id: str, **changes: Any) -> None:
        self.now += STEP_MS
        contact = self.find(contact_id)
        self._save("UpdateMessageContact", contact, rules.change(contact, at=self.now, **changes))

    def _save(self, action: str, contact: Contact, changed: Contact) -> None:
        if changed == contact:
            return

        def work(connection: Connection) -> None:
            storage.save(connection, self.directory_id, changed)
            self._record(connection, action, contact, changed)

        self.run(work)

    def bind(self, contact_id: str, *targets: str) -> None:
        """To what it is bound already: nothing changes, as AssociateMembers has it."""

        def work(connection: Connection, at: int) -> None:
            bound = self._targets(connection, contact_id)
            for scope in {scopes.canonical(connection, self.directory_id, each) for each in targets}:
                if scope not in bound:
                    named = {"directory_id": self.directory_id, "contact_id": contact_id}
                    connection.run(_BIND, **named, target_id=scope, bound_at=at)
            self._record_bindings(connection, contact_id, "AssociateMembers", bound)

        self._change(work)

    def unbind(self, contact_id: str, *targets: str) -> None:
        def work(connection: Connection, at: int) -> None:
            bound = self._targets(connection, contact_id)
            for each in targets:
                scope = scopes.canonical(connection, self.directory_id, each)
                bindings.unbind(connection, self.directory_id, contact_id, scope or "", at=at)
            self._record_bindings(connection, contact_id, "DisassociateMembers", bound)

        self._change(work)

    def delete(self, contact_id: str, *, is_kept: bool) -> None:
        contact = self.find(contact_id)

        def work(connection: Connection, at: int) -> None:
            if is_kept and contact.is_in_effect:
                for target in self._targets(connection, contact_id):
                    retained.keep(
                        connection,
                        self.directory_id,
                        contact,
                        target,
                        cause=retained.DELETED,
                        bound_to=target,
                        at=at,
                    )
            bindings.unbind_contact(connection, self.directory_id, contact_id, at=at)
            storage.delete_(connection, self.directory_id, contact_id)
            self._record(connection, "DeleteMessageContact", contact, None)

        self._change(work)
        self.contacts.remove(contact_id)

    def start_deletion(self, contact_id: str) -> None:
        self.now += STEP_MS
        contact = self.find(contact_id)
        self._save("DeleteMessageContact", contact, rules.start_deletion(contact, at=self.now))

    def _targets(self, connection: Connection, contact_id: str) -> list[str]:
        chosen = select(table.c.target_id).where(
            table.c.directory_id == self.directory_id, table.c.contact_id == contact_id
        )
        return [row[0] for row in connection.all(Statement(chosen.order_by(table.c.target_id)))]

    def _record(self, connection: Connection, action: str, before: Any, after: Any, contact_id: str = "") -> None:
        named = contact_id or (after or before).contact_id
        resource = ONE_CONTACT.format(AccountId=self.account.account_id, ContactId=named)
        audit.add(connection, audit.Source.of(self.call(connection)), action, resource, before=before, after=after)

    def _record_bindings(self, connection: Connection, contact_id: str, action: str, before: list[str]) -> None:
        """As the actions record it, under the contact's name."""
        after = {"members": self._targets(connection, contact_id)}
        self._record(connection, action, {"members": before}, after, contact_id)

    # What is known of an account

    def situation(self, account_id: str) -> Situation | None:
        found: Situation | None = self.run(lambda open_: situations.now(open_, self.directory_id, account_id))
        return found

    def situation_at(self, account_id: str, moment: int) -> Situation | None:
        found: Situation | None = self.run(
            lambda open_: situations.at(
                open_,
                self.directory_id,
                account_id,
                management_account_id=self.account.account_id,
                moment=moment,
            )
        )
        return found
