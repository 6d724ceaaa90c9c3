"""What an address's owner does with a letter: look, confirm by link or by code, refuse, ask for another."""

from collections.abc import Callable

from msgspec import Struct

from callboard.access.errors import DirectoryNotEnabled
from callboard.access.vault import Vault
from callboard.audit import storage as audit
from callboard.call import Call, Moment, Principal
from callboard.contacts import errors, proofs, reachability, refusals, storage
from callboard.contacts import rules as contact_rules
from callboard.contacts.addresses import keys_typed
from callboard.contacts.proofs import Proof
from callboard.contacts.rules import Contact
from callboard.contacts.shapes import ONE_CONTACT
from callboard.contacts.withdrawal import withdraw_proofs
from callboard.database.statement import Connection
from callboard.delivery import outbox
from callboard.profile import Profile
from callboard.terms import Terms
from callboard.tree import directories
from callboard.verification import limits, tokens
from callboard.verification.limits import Limited
from callboard.verification.rules import Standing, standing
from callboard.verification.sending import by_address, limited, organisation_of, send, source_of, tell_administrator


class Visit(Struct, frozen=True):
    """One request to the page: when, from where, and what the server goes by."""

    now: Moment
    request_id: str
    source_address: str | None
    profile: Profile
    terms: Terms
    vault: Vault
    new_id: Callable[[str], str]

    def call(self, connection: Connection, directory_id: str) -> Call:
        """A call of the owner, for what happens to a contact of this directory."""
        found = directories.find(connection, directory_id)
        # One that was disabled just now took its contacts along, so that nothing is found or done in its name.
        owner = Principal(found.management_account_id if found else "", None, is_owner=True)
        return Call(
            connection,
            self.now,
            self.request_id,
            owner,
            directory_id,
            self.profile,
            self.terms,
            self.vault,
            self.new_id,
            self.source_address,
        )


class View(Struct, frozen=True):
    """What a link leads to, and what may be shown there: the proof's own contact and nothing of any other."""

    standing: Standing
    proof: Proof | None = None
    contact: Contact | None = None
    organisation: str = ""


def look(visit: Visit, connection: Connection, token: str) -> View:
    """See what a link is worth. Changes nothing."""
    proof = proofs.find(connection, tokens.token_digest(visit.vault, token))
    if proof is None:
        return View(Standing.UNKNOWN)
    contact = storage.find(connection, proof.directory_id, proof.contact_id)
    call = visit.call(connection, proof.directory_id)
    return _view(call, proof, standing(proof, contact, now=visit.now))


def confirm(visit: Visit, connection: Connection, token: str) -> Standing:
    """Take a press of the button as the owner's proof."""
    proof = proofs.find(connection, tokens.token_digest(visit.vault, token))
    if proof is None:
        return Standing.UNKNOWN
    call = visit.call(connection, proof.directory_id)
    return Standing.CONFIRMED if _has_confirmed(call, proof) else look(visit, connection, token).standing


def count_attempt(visit: Visit, connection: Connection, typed_target: str) -> list[Proof] | Moment:
    """Count one try of a code, before it is looked at: the proofs that it may be for, or when to come again."""
    if (free_at := limits.take(connection, [_codes(visit)], now=visit.now)) is not None:
        return free_at
    most = visit.terms.code_attempts
    found = [
        proof
        for key in keys_typed(typed_target, visit.profile.country_codes)
        for proof in proofs.open_of(connection, key, now=visit.now, most=most)
    ]
    return [proof for proof in found if proofs.count_attempt(connection, proof, now=visit.now, most=most)]


def confirm_by_code(visit: Visit, connection: Connection, counted: list[Proof], code: str) -> View | None:
    """Take a right code as the owner's proof; None for a wrong one. Each proof's try has been counted, durably."""
    for proof in counted:
        if tokens.is_code_of(visit.vault, proof, code):
            call = visit.call(connection, proof.directory_id)
            return _view(call, proof, Standing.CONFIRMED) if _has_confirmed(call, proof) else None
    return None


def confirm_outright(call: Call, contact_id: str, target: str | None) -> list[str]:
    """Put waiting addresses in effect without any proof: for test controls alone. Which ones."""
    contact = storage.lock(call.connection, call.directory_id, contact_id)
    if contact is None or contact.status is contact_rules.Status.DELETING:
        return []
    proven = [each for each in contact.unproven if target in (None, each)]
    for each in proven:
        _put_in_effect(call, contact, each)
        contact = contact_rules.prove(contact, each, at=call.now)
    return proven


def refuse(visit: Visit, connection: Connection, token: str) -> Standing:
    """Take 'This isn't me' at its word: drop what waits, send nothing more there, tell the administrator."""
    proof = proofs.find(connection, tokens.token_digest(visit.vault, token))
    if proof is None:
        return Standing.UNKNOWN
    call = visit.call(connection, proof.directory_id)
    try:
        directories.lock(connection, proof.directory_id)  # Messages to the address are published before, or after.
    except DirectoryNotEnabled:
        return Standing.UNKNOWN
    contact = storage.lock(connection, proof.directory_id, proof.contact_id)
    found = look(visit, connection, token).standing
    if contact is None or found not in (Standing.OPEN, Standing.EXPIRED, Standing.REPLACED):
        return found
    limits.lock(connection, by_address(call, proof.target))  # Whoever is sending there has done so, or waits.
    refusals.add(connection, proof.directory_id, proof.target, contact.contact_id, at=call.now)
    proofs.refuse(connection, proof.directory_id, proof.target_key)
    outbox.withdraw(connection, proof.directory_id, proof.target_key)
    changed = contact_rules.refuse(contact, proof.target, at=call.now)
    storage.save(connection, proof.directory_id, changed)
    _record(call, "RefuseMessageContactVerification", contact, changed)
    tell_administrator(call, contact, proof.target)
    return Standing.REFUSED


def ask_again(visit: Visit, connection: Connection, token: str) -> None:
    """Send another letter for an address that still waits. Raises what `send` refuses with."""
    proof = proofs.find(connection, tokens.token_digest(visit.vault, token))
    if proof is None:
        raise errors.VerificationNotFound
    send(visit.call(connection, proof.directory_id), proof.contact_id, proof.target)


def ask_again_for(visit: Visit, connection: Connection, typed_target: str) -> Moment | None:
    """Send another letter to a typed address if one was sent before and it still waits.

    What is answered tells nothing of the address: only when the asker's own network address may ask again.
    """
    asker = Limited(f"source {source_of(visit.source_address)}", visit.terms.per_source)
    if (free_at := limits.peek(connection, [asker], now=visit.now)) is not None:
        return free_at
    has_sent = False
    for key in keys_typed(typed_target, visit.profile.country_codes):
        for proof in proofs.newest_of(connection, key):
            try:
                send(visit.call(connection, proof.directory_id), proof.contact_id, proof.target)
            except (errors.ContactNotFound, errors.VerificationNotFound, errors.SendLimitExceeded):
                continue
            has_sent = True
    return None if has_sent else limits.take(connection, [asker], now=visit.now)


def waits_until(visit: Visit, connection: Connection, token: str) -> Moment | None:
    """When another letter may be asked for with a link; None when it may now."""
    proof = proofs.find(connection, tokens.token_digest(visit.vault, token))
    if proof is None:
        return None
    return limits.peek(connection, limited(visit.call(connection, proof.directory_id), proof.target), now=visit.now)


def _has_confirmed(call: Call, proof: Proof) -> bool:
    """Put a proven address in effect; false when it does not wait any more, or somebody was quicker."""
    contact = storage.lock(call.connection, proof.directory_id, proof.contact_id)
    fresh = proofs.again(call.connection, proof)
    if fresh is None or contact is None or standing(fresh, contact, now=call.now) is not Standing.OPEN:
        return False
    if not proofs.use(call.connection, proof, now=call.now):
        return False
    _put_in_effect(call, contact, proof.target)
    return True


def _put_in_effect(call: Call, contact: Contact, target: str) -> None:
    proven = contact_rules.prove(contact, target, at=call.now)
    storage.save(call.connection, call.directory_id, proven)
    withdraw_proofs(call.connection, call.directory_id, contact.contact_id, [target])
    reachability.believe(call, target)
    _record(call, "ConfirmMessageContactVerification", contact, proven)


def _view(call: Call, proof: Proof, found: Standing) -> View:
    contact = storage.find(call.connection, proof.directory_id, proof.contact_id)
    return View(found, proof, contact, organisation_of(call))


def _codes(visit: Visit) -> Limited:
    return Limited(f"codes {source_of(visit.source_address)}", visit.terms.codes_per_source)


def _record(call: Call, action: str, before: Contact, after: Contact) -> None:
    resource = ONE_CONTACT.format(AccountId=call.principal.account_id, ContactId=before.contact_id)
    audit.add(call.connection, audit.Source.of(call), action, resource, before=before, after=after)
