"""The product as the life cycle's machine uses it: real handlers over a real database, at a moment of the machine's."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import bindparam, select

from callboard.audit import storage as audit
from callboard.audit.storage import AuditRecord
from callboard.call import Call, Principal, new_request_id
from callboard.contacts import actions, deletion, reads, refusals, storage
from callboard.contacts.addresses import key_of
from callboard.contacts.proofs import Proof
from callboard.contacts.rules import Contact
from callboard.database.statement import Connection, Statement
from callboard.database.tables import letters
from callboard.delivery import lists
from callboard.delivery.letter import Content
from callboard.errors import ApiError
from callboard.runtime import Runtime
from callboard.terms import Terms
from callboard.tree.directories import Directory
from callboard.verification import actions as verification
from callboard.verification import confirmation, limits
from callboard.verification.confirmation import View, Visit

_LETTERS = Statement(
    select(letters.c.letter_id, letters.c.recipient, letters.c.content).where(
        letters.c.recipient_key == bindparam("key"),
        letters.c.created_at == bindparam("now"),
        letters.c.content.is_not(None),
    )
)


class Site:
    """One site on the runtime. What is refused comes back as its status and code."""

    def __init__(self, runtime: Runtime, terms: Terms, directories: list[Directory], *, now: int) -> None:
        self._runtime, self._terms, self._directories, self.now = runtime, terms, directories, now

    def add(self, number: int, name: str, email: str, phone: str) -> str:
        asked = actions.AddMessageContact(
            name=name, email_address=email, phone_number=phone, title="CEO", message_types=("FaultMessage",)
        )
        return str(self._called(number, actions.add_message_contact, asked).contact.contact_id)

    def update(self, number: int, contact_id: str, named: dict[str, str]) -> str | None:
        email, phone = named.get("email", UNSET), named.get("phone", UNSET)
        asked = actions.UpdateMessageContact(contact_id=contact_id, email_address=email, phone_number=phone)
        return refusal_of(self._called(number, actions.update_message_contact, asked))

    def cancel(self, number: int, contact_id: str, named: dict[str, str]) -> str | None:
        email, phone = named.get("email", UNSET), named.get("phone", UNSET)
        asked = actions.CancelMessageContactUpdate(contact_id=contact_id, email_address=email, phone_number=phone)
        return refusal_of(self._called(number, actions.cancel_message_contact_update, asked))

    def delete(self, number: int, contact_id: str, *, is_kept_by_members: bool) -> str:
        asked = actions.DeleteMessageContact(contact_id=contact_id, retain_contact_in_members=is_kept_by_members)
        found = self._called(number, actions.delete_message_contact, asked)
        return refusal_of(found) or str(found.status)

    def send(self, number: int, contact_id: str, target: str, source: str | None) -> str | None:
        if "@" in target:
            email = verification.SendEmailVerificationForMessageContact(contact_id=contact_id, email_address=target)
            return refusal_of(
                self._called(number, verification.send_email_verification_for_message_contact, email, source)
            )
        phone = verification.SendPhoneVerificationForMessageContact(contact_id=contact_id, phone_number=target)
        return refusal_of(self._called(number, verification.send_phone_verification_for_message_contact, phone, source))

    def get(self, number: int, contact_id: str) -> reads.ContactShown | str:
        found = self._called(number, reads.get_message_contact, reads.GetMessageContact(contact_id=contact_id))
        return refusal_of(found) or found.contact

    def waiting(self, number: int, contact_id: str) -> list[str] | str:
        asked = reads.ListMessageContactVerifications(contact_id=contact_id)
        found = self._called(number, reads.list_message_contact_verifications, asked)
        return refusal_of(found) or [each.target for each in found.contact_verifications]

    def stored(self, number: int, contact_id: str) -> Contact | None:
        return self._run(lambda open_: storage.find(open_, self._directories[number].directory_id, contact_id))

    def letters_of_now(self, target: str) -> list[tuple[str, Content]]:
        """What was written at this moment to any spelling of an address: to which one, and what it says."""
        vault, values = self._runtime.vault, {"key": key_of(target), "now": self.now}
        rows = self._run(lambda open_: open_.all(_LETTERS, **values))
        opened = [(to, vault.decrypt(sealed, belongs_to=letter_id)) for letter_id, to, sealed in rows]
        return [(to, msgspec.json.decode(text, type=Content)) for to, text in opened]

    def letters_by_state(self) -> dict[tuple[str, str], int]:
        """Over all sites: how many letters of a channel are in a state."""
        return {(channel, state): number for channel, state, number, _ in self._run(lists.counts)}

    def records(self, number: int) -> list[AuditRecord]:
        return self._run(lambda open_: audit.page(open_, self._directories[number].management_account_id))

    def look(self, token: str) -> View:
        return self._visited(confirmation.look, token)

    def confirm(self, token: str) -> str:
        return str(self._visited(confirmation.confirm, token))

    def refuse(self, token: str) -> str:
        return str(self._visited(confirmation.refuse, token))

    def ask_again(self, token: str, source: str | None) -> str | None:
        return refusal_of(self._visited(confirmation.ask_again, token, source=source))

    def ask_again_for(self, typed: str, source: str | None) -> int | None:
        return self._visited(confirmation.ask_again_for, typed, source=source)

    def waits_until(self, token: str, source: str | None) -> int | None:
        return self._visited(confirmation.waits_until, token, source=source)

    def count_attempt(self, typed: str, source: str | None) -> list[Proof] | int:
        return self._visited(confirmation.count_attempt, typed, source=source)

    def confirm_by_code(self, counted: list[Proof], code: str) -> View | None:
        return self._visited(confirmation.confirm_by_code, counted, code)

    def finish_deletions(self) -> None:
        while self._run(lambda open_: deletion.finish_due(open_, now=self.now)):
            continue

    def lift_refusals(self, target: str) -> None:
        self._run(lambda open_: refusals.lift(open_, target))

    def forget_old_limits(self) -> None:
        self._run(lambda open_: limits.clear(open_, now=self.now))

    def _called(self, number: int, handler: Callable[[Call, Any], Any], asked: Any, source: str | None = None) -> Any:
        directory = self._directories[number]
        principal = Principal(directory.management_account_id, "LTAI")

        def work(connection: Connection) -> Any:
            call = Call(
                connection,
                self.now,
                new_request_id(),
                principal,
                directory.directory_id,
                self._runtime.profile,
                self._terms,
                self._runtime.vault,
                self._runtime.new_id,
                source,
            )
            return handler(call, asked)

        return self._run(work)

    def _visited(self, step: Callable[..., Any], *values: Any, source: str | None = None) -> Any:
        visit = Visit(
            self.now,
            new_request_id(),
            source,
            self._runtime.profile,
            self._terms,
            self._runtime.vault,
            self._runtime.new_id,
        )
        return self._run(lambda connection: step(visit, connection, *values))

    def _run(self, work: Callable[[Connection], Any]) -> Any:
        try:
            return self._runtime.database.run(work)
        except ApiError as refusal:
            return refusal


def refusal_of(found: Any) -> str | None:
    return f"{found.status} {found.code}" if isinstance(found, ApiError) else None
