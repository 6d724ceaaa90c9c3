"""A report taken in: what it tells of a letter is kept, and what must follow from a bounce is set going."""

from collections.abc import Callable

from callboard.access.errors import DirectoryNotEnabled
from callboard.call import Call, Moment
from callboard.database.statement import Connection
from callboard.delivery import reviews
from callboard.delivery.reviews import Posted
from callboard.messages import deliveries
from callboard.messages.rules import Receipt
from callboard.receipts import bounces, canaries
from callboard.receipts.rules import Heard, Report
from callboard.tree import directories
from callboard.tree.directories import Directory

OwnCall = Callable[[Connection, Directory], Call]
"""Makes a call in the operator's name."""


def receive(connection: Connection, own_call: OwnCall, report: Report, *, at: Moment) -> Heard:
    """Keep what a report says. The same one again, or one after the last word, changes nothing."""
    for letter_id in report.letter_ids:
        if report.receipt is Receipt.ACCEPTED and canaries.see(connection, letter_id, at=at):
            return Heard.CANARY
        letter = reviews.find(connection, letter_id)
        directory = directories.find(connection, letter.directory_id) if letter else None
        if letter is not None and directory is not None:
            return _take(own_call(connection, directory), letter, report)
    return Heard.UNKNOWN


def _take(call: Call, letter: Posted, report: Report) -> Heard:
    if report.receipt is None:
        return Heard.DELAYED
    try:
        directories.lock(call.connection, call.directory_id)
    except DirectoryNotEnabled:  # It went this moment, and its letters are of no use to anybody.
        return Heard.UNKNOWN
    is_new = deliveries.hear(
        call.connection, call.directory_id, letter.letter_id, report.receipt, at=call.now, answer=report.answer
    )
    if report.receipt is Receipt.ACCEPTED:
        return Heard.ACCEPTED if is_new else Heard.REPEATED
    # A letter that asks for a proof has no deliveries: what is new is told by the address.
    if report.is_about_address and (is_new or letter.contact_id):
        is_new |= bounces.mark(call, letter, report.answer)
    if not is_new:
        return Heard.REPEATED
    reviews.call_for(call.connection, letter.letter_id)
    return Heard.BOUNCED
