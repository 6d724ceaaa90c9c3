"""A letter that asks for a proof: written together with its proof, within the limits, in one transaction."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from msgspec import Struct

from callboard.audit import storage as audit
from callboard.call import Call
from callboard.contacts import errors, proofs, refusals, storage
from callboard.contacts.addresses import is_phone, key_of
from callboard.contacts.proofs import Proof, ProofState
from callboard.contacts.rules import Contact
from callboard.contacts.shapes import ONE_CONTACT
from callboard.delivery import outbox
from callboard.delivery.letter import Channel, Content, Letter
from callboard.verification import letters, limits, tokens
from callboard.verification.letters import Notice
from callboard.verification.limits import Limited
from callboard.verification.rules import EMAIL_CODE_DIGITS, SMS_CODE_DIGITS, waits

CODE_PAGE = "/verify"
LINK_PAGE = "/v/"
MINUTE_MS = 60_000
NOTICE_LIFETIME_MS = 7 * 24 * 60 * MINUTE_MS
ADMINISTRATOR = "administrator"
"""Whom a notice in the mailbox is for, where no address of the administrator is set."""


class Sent(Struct, frozen=True):
    """What the audit trail keeps of a letter: to whom, and by which id it can be found; never what it says."""

    target: str
    letter_id: str


def send(call: Call, contact_id: str, target: str) -> None:
    """Ask the owner of a waiting address for a proof.

    Raises ContactNotFound, VerificationNotFound or SendLimitExceeded. What would be refused is looked for before
    anything is locked, so that a flood of calls holds up nobody.
    """
    _check(call, storage.find(call.connection, call.directory_id, contact_id), target)
    wanted = limited(call, target)
    if limits.peek(call.connection, wanted, now=call.now) is not None:
        raise errors.SendLimitExceeded
    contact = _check(call, storage.lock(call.connection, call.directory_id, contact_id), target)
    if limits.take(call.connection, wanted, now=call.now) is not None:
        raise errors.SendLimitExceeded
    _check(call, contact, target)  # It may have been refused while this call waited for the limits.
    _write(call, contact, target)


def limited(call: Call, target: str) -> list[Limited]:
    """Everything that limits a letter to this address."""
    channel = _channel(target).value
    found = [
        Limited(f"account {call.directory_id} {channel}", call.terms.per_account),
        by_address(call, target),
        by_source(call),
    ]
    if is_phone(target):
        found.append(Limited(f"prefix {target.partition('-')[0]}", call.terms.per_prefix))
    return found


def by_address(call: Call, target: str) -> Limited:
    """What limits the letters to an address. Its lock is held by whoever writes to the address, or refuses it."""
    return Limited(f"address {key_of(target)}", call.terms.per_address)


def by_source(call: Call) -> Limited:
    """What limits the letters asked for from the caller's network address."""
    return Limited(f"source {source_of(call.source_address)}", call.terms.per_source)


def source_of(address: str | None) -> str:
    """The network address that counts: of IPv6 the /64, as whoever has one address has all of them."""
    try:
        found = ip_address(address or "")
    except ValueError:  # A proxy may name its clients as it likes.
        return "unknown"
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:  # So IPv4 arrives at a socket of IPv6.
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, 64), strict=False).network_address)


def tell_administrator(call: Call, contact: Contact, target: str) -> None:
    """Write the notice that an address was refused."""
    post_notice(
        call,
        Notice(
            kind="refusal",
            organisation=organisation_of(call),
            contacts=[(contact.name, contact.contact_id)],
            target=target,
            language=call.terms.language,
            command="callboard refusals lift",
        ),
    )


def post_notice(call: Call, told: Notice) -> None:
    """Write a letter to the administrator."""
    recipient = call.terms.administrator_email or ADMINISTRATOR
    is_kept = not call.terms.administrator_email or Channel.EMAIL in call.terms.kept_channels
    about = told.contacts[0][1] if told.contacts else ""
    content, deadline_at = letters.notice(told), call.now + NOTICE_LIFETIME_MS
    _post(call, about, Channel.EMAIL, recipient, content, deadline_at, is_kept=is_kept)


def _check(call: Call, contact: Contact | None, target: str) -> Contact:
    if contact is None:
        raise errors.ContactNotFound
    if not waits(contact, target) or refusals.has(call.connection, call.directory_id, target):
        raise errors.VerificationNotFound
    return contact


def _write(call: Call, contact: Contact, target: str) -> None:
    """The proof and its letter; older ones for the same address are void."""
    key, channel = key_of(target), _channel(target)
    proofs.close(call.connection, call.directory_id, contact.contact_id, key, ProofState.REPLACED)
    outbox.withdraw(call.connection, call.directory_id, key, contact_id=contact.contact_id)
    is_email = channel is Channel.EMAIL
    token, code = tokens.new_token(), tokens.new_code(EMAIL_CODE_DIGITS if is_email else SMS_CODE_DIGITS)
    lifetime = call.terms.email_proof_ms if is_email else call.terms.sms_proof_ms
    proof_id = call.new_id("p-")
    proof = Proof(
        directory_id=call.directory_id,
        proof_id=proof_id,
        contact_id=contact.contact_id,
        target=target,
        target_key=key,
        code_digest=tokens.code_digest(call.vault, proof_id, code),
        state=ProofState.OPEN,
        created_at=call.now,
        expires_at=call.now + lifetime,
    )
    proofs.add(call.connection, proof, token_digest=tokens.token_digest(call.vault, token))
    facts = letters.Facts(
        organisation=organisation_of(call),
        contact_name=contact.name,
        title=contact.title,
        message_types=contact.message_types,
        target=target,
        link=f"{call.terms.public_url}{LINK_PAGE}{token}",
        code=code,
        code_page=f"{call.terms.public_url}{CODE_PAGE}",
        minutes=lifetime // MINUTE_MS,
        language=call.terms.language,
    )
    content = letters.email(facts) if is_email else letters.sms(facts)
    is_kept = channel in call.terms.kept_channels
    review_at = None if is_kept else proof.expires_at
    letter_id = _post(
        call, contact.contact_id, channel, target, content, proof.expires_at, is_kept=is_kept, review_at=review_at
    )
    action = f"Send{'Email' if is_email else 'Phone'}VerificationForMessageContact"
    resource = ONE_CONTACT.format(AccountId=call.principal.account_id, ContactId=contact.contact_id)
    audit.add(call.connection, audit.Source.of(call), action, resource, after=Sent(target, letter_id))


def _post(
    call: Call,
    contact_id: str,
    channel: Channel,
    recipient: str,
    content: Content,
    deadline_at: int,
    *,
    is_kept: bool,
    review_at: int | None = None,
) -> str:
    """Write a letter into the outbox, or the mailbox; its id. Ids sort by time."""
    letter_id = call.new_id(f"{call.now:012x}-")
    new = outbox.NewLetter(
        letter=Letter(letter_id, channel, recipient, content, call.now),
        directory_id=call.directory_id,
        contact_id=contact_id,
        recipient_key=key_of(recipient),
        deadline_at=deadline_at,
        review_at=review_at,
    )
    outbox.add(call.connection, call.vault, new, is_kept=is_kept)
    return letter_id


def organisation_of(call: Call) -> str:
    """Who asks."""
    return call.terms.organisation or f"Account {call.principal.account_id}"


def _channel(target: str) -> Channel:
    return Channel.SMS if is_phone(target) else Channel.EMAIL
