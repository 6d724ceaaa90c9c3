"""An address from which letters come back: held to reach nobody, and told to the administrator."""

from collections.abc import Iterable

from callboard.call import Call
from callboard.contacts import reachability
from callboard.contacts import storage as contacts
from callboard.contacts.addresses import key_of
from callboard.contacts.unreachable import Unreachable
from callboard.delivery.letter import Channel
from callboard.delivery.reviews import Posted
from callboard.messages import deliveries
from callboard.verification.letters import Notice
from callboard.verification.sending import organisation_of, post_notice

COMMAND = "callboard unreachable lift"


def mark(call: Call, letter: Posted, reason: str) -> bool:
    """Hold the address of a letter that came back to reach nobody; false when that was known.

    The administrator is told, unless it is the administrator who is not reached.
    """
    if letter.channel not in (Channel.EMAIL, Channel.SMS):
        return False
    found = Unreachable(call.directory_id, letter.recipient, reason, letter.letter_id, call.now)
    if not reachability.doubt(call, found):
        return False
    if key_of(letter.recipient) != key_of(call.terms.administrator_email):
        post_notice(
            call,
            Notice(
                kind="unreachable",
                organisation=organisation_of(call),
                contacts=list(_concerned(call, letter)),
                target=letter.recipient,
                language=call.terms.language,
                command=COMMAND,
                reason=reason,
            ),
        )
    return True


def _concerned(call: Call, letter: Posted) -> Iterable[tuple[str, str]]:
    """Names and ids of the contacts for whose sake the letter went there, each once."""
    if letter.contact_id:
        contact = contacts.find(call.connection, call.directory_id, letter.contact_id)
        return [(contact.name, contact.contact_id)] if contact else []
    carried = deliveries.carried(call.connection, call.directory_id, letter.letter_id)
    return dict.fromkeys((each.contact_name, each.contact_id) for each in carried if each.contact_id)
