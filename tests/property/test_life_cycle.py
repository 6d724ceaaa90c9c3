"""The life of a contact as a state machine, against the plainest model that could be right: a dict."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from callboard.contacts import errors, rules
from callboard.contacts.rules import Address, Contact, Status

NAMES = st.sampled_from(["tom", "tim", "张三"])
TITLES = st.sampled_from(rules.TITLES)
TYPES = st.lists(st.sampled_from(rules.MESSAGE_TYPES), min_size=1, unique=True).map(tuple)
EMAILS = st.sampled_from(["a@example.com", "b@example.com", "c@example.com"])
PHONES = st.sampled_from(["86-13900000001", "86-13900000002", "86-13900000003"])


class LifeCycle(RuleBasedStateMachine):
    """What a client sees of one contact, kept twice: by the rules, and in a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.contact: Contact
        self.model: dict[str, Any]

    @initialize(name=NAMES, title=TITLES, types=TYPES, email=EMAILS, phone=PHONES | st.none())
    def add(self, name: str, title: str, types: tuple[str, ...], email: str, phone: str | None) -> None:
        self.contact = Contact(
            contact_id="c-qL4HqKONzOM7abcd",
            name=name,
            title=title,
            message_types=types,
            status=Status.VERIFYING,
            email=Address(email),
            phone=None if phone is None else Address(phone),
            created_at=0,
            modified_at=0,
        )
        self.model = {"name": name, "title": title, "message_types": types, "status": "Verifying"}
        self.model |= {"email": email, "phone": phone, "proven": set(), "pending": {}}

    @rule(change=st.fixed_dictionaries({}, optional={"name": NAMES, "title": TITLES, "message_types": TYPES}))
    def update_what_changes_at_once(self, change: dict[str, Any]) -> None:
        if not self._is_refused(errors.ContactStatusMismatch, rules.change, **change):
            self.model |= change

    @rule(email=EMAILS)
    def update_email(self, email: str) -> None:
        if not self._is_refused(errors.ContactStatusMismatch, rules.change, email=email):
            self._change("email", email)

    @rule(phone=PHONES)
    def update_phone(self, phone: str) -> None:
        if not self._is_refused(errors.ContactStatusMismatch, rules.change, phone=phone):
            self._change("phone", phone)

    @rule()
    def remove_phone(self) -> None:
        if not self._is_refused(errors.ContactStatusMismatch, rules.change, phone=""):
            self.model["phone"] = None
            self.model["proven"].discard("phone")
            self.model["pending"].pop("phone", None)

    @rule(proven=EMAILS | PHONES)
    def prove(self, proven: str) -> None:
        self.now += 1
        self.contact = rules.prove(self.contact, proven, at=self.now)
        if self.model["status"] == "Deleting":
            return
        for field in ("email", "phone"):
            if self._waiting(field) == proven:
                self.model[field] = proven
                self.model["proven"].add(field)
                self.model["pending"].pop(field, None)
                if field == "email":
                    self.model["status"] = "Active"

    @rule(named=st.fixed_dictionaries({}, optional={"email": EMAILS, "phone": PHONES}))
    def cancel(self, named: dict[str, str]) -> None:
        pending = self.model["pending"]
        refusal: type[Exception] | None = None
        if self.model["status"] == "Deleting" or not pending:
            refusal = errors.ContactStatusMismatch
        elif "email" in named and named["email"] != pending.get("email"):
            refusal = errors.EmailAddressInvalid
        elif "phone" in named and named["phone"] != pending.get("phone"):
            refusal = errors.PhoneNumberInvalid
        if refusal is not None:
            with pytest.raises(refusal):
                rules.cancel(self.contact, at=self.now, **named)
            return
        self.now += 1
        self.contact = rules.cancel(self.contact, at=self.now, **named)
        for field in named or ("email", "phone"):
            pending.pop(field, None)

    @precondition(lambda self: self.now > 5)
    @rule()
    def delete(self) -> None:
        if not self._is_refused(errors.ConcurrentCall, rules.start_deletion):
            self.model["status"] = "Deleting"

    @invariant()
    def both_tell_the_same(self) -> None:
        shown = {name: getattr(self.contact, name) for name in ("name", "title", "message_types", "status")}
        assert shown == {name: self.model[name] for name in shown}
        assert self.contact.email.value == self.model["email"]
        assert (self.contact.phone.value if self.contact.phone else None) == self.model["phone"]
        waiting = [self._waiting("email"), self._waiting("phone")]
        assert self.contact.unproven == [each for each in waiting if each is not None]

    @invariant()
    def only_what_is_proven_has_something_pending(self) -> None:
        for address in filter(None, (self.contact.email, self.contact.phone)):
            assert address.pending is None or address.verified_at is not None
            assert address.pending != address.value

    @invariant()
    def a_change_is_never_dated_before_the_addition(self) -> None:
        assert 0 == self.contact.created_at <= self.contact.modified_at <= self.now

    def _is_refused(self, refusal: type[Exception], step: Any, **values: Any) -> bool:
        """Take the step, or see it refused because the contact is being deleted."""
        if self.model["status"] == "Deleting":
            with pytest.raises(refusal):
                step(self.contact, at=self.now, **values)
            return True
        self.now += 1
        self.contact = step(self.contact, at=self.now, **values)
        return False

    def _change(self, field: str, value: str) -> None:
        if value == self.model[field]:
            return
        if field in self.model["proven"]:
            self.model["pending"][field] = value
        else:
            self.model[field] = value

    def _waiting(self, field: str) -> str | None:
        """What waits for a proof: the pending value, or a first one that nobody has proven."""
        if field in self.model["proven"]:
            return self.model["pending"].get(field)
        return self.model[field]


TestLifeCycle = LifeCycle.TestCase
