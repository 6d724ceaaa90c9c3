"""What proves an address of an endpoint: it is sent a code, and the code comes back to the API."""

import hmac

from callboard.call import Call
from callboard.contacts.addresses import key_of
from callboard.contacts.errors import SendLimitExceeded
from callboard.delivery import outbox
from callboard.delivery.letter import Channel, Letter
from callboard.endpoints import letters, rules
from callboard.endpoints.rules import Code, Known
from callboard.verification import limits, tokens
from callboard.verification.limits import Limited
from callboard.verification.rules import EMAIL_CODE_DIGITS
from callboard.verification.sending import organisation_of


def send(call: Call, known: Known) -> tuple[Known, str]:
    """Send a code to the address that waits, in place of the one before: the endpoint with it, and the letter's id.

    The directory must be locked. Raises SendLimitExceeded, by the limits of letters that ask for proofs.
    """
    endpoint, waiting = known.endpoint, known.secrets.waiting
    address = call.vault.digest(waiting, of="address of an endpoint").hex()
    wanted = [
        Limited(f"account {call.directory_id} {endpoint.channel.value}", call.terms.per_account),
        Limited(f"address {address}", call.terms.per_address),
    ]
    if limits.take(call.connection, wanted, now=call.now) is not None:
        raise SendLimitExceeded
    typed = tokens.new_code(EMAIL_CODE_DIGITS)
    code = Code(_digest(call, known, typed), call.now + rules.CODE_LIFETIME_MS)
    return rules.Known(endpoint, known.secrets, code), _post(call, known, typed, code)


def withdraw(call: Call, known: Known) -> None:
    """Take back what brings a code and is not taken yet. Letters of proof are known by whom they prove."""
    endpoint_id = known.endpoint.endpoint_id
    outbox.withdraw(call.connection, call.directory_id, key_of(endpoint_id), contact_id=endpoint_id)


def is_code(call: Call, known: Known, code: Code, typed: str) -> bool:
    return hmac.compare_digest(_digest(call, known, typed), code.digest)


def _digest(call: Call, known: Known, typed: str) -> bytes:
    return call.vault.digest(typed, of=f"code {known.endpoint.endpoint_id}")


def _post(call: Call, known: Known, typed: str, code: Code) -> str:
    withdraw(call, known)
    endpoint = known.endpoint
    facts = letters.Facts(
        organisation=organisation_of(call),
        endpoint_id=endpoint.endpoint_id,
        name=endpoint.name,
        owner_id=endpoint.owner_id,
        message_types=endpoint.message_types,
        code=typed,
        sent_at=call.now,
        expires_at=code.expires_at,
        language=call.terms.language,
    )
    write = letters.webhook if endpoint.channel is Channel.WEBHOOK else letters.chat
    letter_id = call.new_id(f"{call.now:012x}-")
    content = write(facts, known.secrets.at(known.secrets.waiting))
    new = outbox.NewLetter(
        letter=Letter(letter_id, endpoint.channel, endpoint.endpoint_id, content, call.now),
        directory_id=call.directory_id,
        contact_id=endpoint.endpoint_id,
        recipient_key=key_of(endpoint.endpoint_id),
        deadline_at=code.expires_at,
    )
    outbox.add(call.connection, call.vault, new, is_kept=False)
    return letter_id
