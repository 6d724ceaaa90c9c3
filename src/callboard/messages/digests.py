"""Digests: what waits for the same address, gathered into one mail once its moment has come.

Any number of processes may do it: the directory is locked first, so that each delivery goes with one mail, once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, func, null, select, update

from callboard.call import Call, Moment
from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Statement
from callboard.database.tables import deliveries, messages
from callboard.delivery import outbox
from callboard.delivery.letter import Channel, Letter
from callboard.delivery.outbox import NewLetter
from callboard.messages import digest_letters, reach, storage
from callboard.messages.digest_letters import Entry
from callboard.messages.rules import DAY_S, PATIENCE_S, Severity, Suppression, delivery_id
from callboard.messages.shapes import Body
from callboard.messages.storage import Message
from callboard.preferences import rules as wishes
from callboard.preferences import storage as preferences
from callboard.tree import directories
from callboard.verification.sending import organisation_of

LABEL = "Digest"
MOST = 100
"""Messages in one mail; what is beyond them goes with the next one."""
BATCH = 500
LIFETIME_MS = 2 * DAY_S * 1000
"""How long the mail is tried."""

_IS_DUE = deliveries.c.digest_at <= bindparam("now")
_NEXT = Statement(select(deliveries.c.directory_id).where(_IS_DUE).order_by(deliveries.c.digest_at).limit(1))
# Of addresses only the domain and ASCII letters have a case, which lower() knows on both databases.
_DUE = Statement(
    select(
        deliveries.c.message_id,
        deliveries.c.delivery_id,
        deliveries.c.contact_id,
        deliveries.c.contact_name,
        deliveries.c.recipient,
        deliveries.c.language,
        messages.c.message_type,
    )
    .join(
        messages,
        (messages.c.directory_id == deliveries.c.directory_id) & (messages.c.message_id == deliveries.c.message_id),
    )
    .where(deliveries.c.directory_id == bindparam("directory_id"), _IS_DUE)
    .order_by(func.lower(deliveries.c.recipient), deliveries.c.language, deliveries.c.created_at, deliveries.c.position)
    .limit(bindparam("limit"))
)
_ENDS = update(deliveries).where(
    deliveries.c.directory_id == bindparam("directory"),
    deliveries.c.message_id == bindparam("message"),
    deliveries.c.delivery_id == bindparam("delivery"),
)
_CARRY = Statement(_ENDS.values(letter_id=bindparam("letter"), digest_at=null()))
_SUPPRESS = Statement(_ENDS.values(suppression=bindparam("reason"), digest_at=null()))


class Waiting(Struct, frozen=True):
    """A delivery that waits for a digest."""

    message_id: str
    delivery_id: str
    contact_id: str
    contact_name: str
    recipient: str
    language: str
    message_type: str

    @property
    def key(self) -> str:
        return key_of(self.recipient)

    @property
    def mail(self) -> tuple[str, str]:
        """What those have in common that go with the same mail."""
        return self.key, self.language


def next_due(connection: Connection, *, now: Moment) -> str | None:
    """The directory with the digest that has waited the longest, if any is due."""
    row = connection.one(_NEXT, now=now)
    return None if row is None else str(row[0])


def gather(call: Call) -> int:
    """Write the directory's digests that are due: a batch; how many deliveries they carry, or do not.

    What is not to go to an address any more is suppressed, for the reason why.
    """
    directories.lock(call.connection, call.directory_id)
    rows = call.connection.all(_DUE, directory_id=call.directory_id, now=call.now, limit=BATCH)
    due = whole_mails([Waiting(*row) for row in rows], may_be_cut=len(rows) == BATCH)
    closed = _closed(call, due)
    for each in due:
        if each.delivery_id in closed:
            call.connection.run(_SUPPRESS, reason=closed[each.delivery_id].value, **_key(call, each))
    known: dict[str, tuple[Message, Body]] = {}
    for mail in mails(each for each in due if each.delivery_id not in closed):
        _write(call, mail, known)
    return len(due)


def whole_mails(found: list[Waiting], *, may_be_cut: bool) -> list[Waiting]:
    """Without the last mail's where there may be more of them, unless there is no other."""
    if not may_be_cut or found[0].mail == found[-1].mail:
        return found
    return [each for each in found if each.mail != found[-1].mail]


def mails(found: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    """What goes with one mail each, of what is in order."""
    for _, those in groupby(found, key=lambda each: each.mail):
        mail = list(those)
        for start in range(0, len(mail), MOST):
            yield mail[start : start + MOST]


def _closed(call: Call, due: list[Waiting]) -> dict[str, Suppression]:
    """Of the deliveries, those that are not to go any more."""
    found: dict[str, Suppression] = {}
    for message_type in dict.fromkeys(each.message_type for each in due):
        those = [each for each in due if each.message_type == message_type]
        closed = reach.closed(call.connection, call.directory_id, message_type, {each.key for each in those})
        found |= {each.delivery_id: closed[each.key] for each in those if each.key in closed}
    return found


def _write(call: Call, mail: Sequence[Waiting], known: dict[str, tuple[Message, Body]]) -> None:
    """The mail with these deliveries. Its id is made from the first one, which goes with no other mail ever."""
    first = mail[0]
    letter_id = delivery_id(first.delivery_id, LABEL, Channel.EMAIL)
    language = first.language or call.terms.language
    names = list(dict.fromkeys(each.contact_name for each in mail))
    content = digest_letters.email(organisation_of(call), list(_entries(call, mail, language, known)), names, language)
    is_kept = Channel.EMAIL in call.terms.kept_channels
    new = NewLetter(
        Letter(letter_id, Channel.EMAIL, first.recipient, content, call.now),
        directory_id=call.directory_id,
        contact_id="",
        recipient_key=first.key,
        deadline_at=call.now + LIFETIME_MS,
        label=LABEL,
        review_at=None if is_kept else call.now + PATIENCE_S[Severity.INFO] * 1000,
    )
    outbox.add(call.connection, call.vault, new, is_kept=is_kept)
    call.connection.run_all(_CARRY, [{"letter": letter_id, **_key(call, each)} for each in mail])


def _entries(
    call: Call, mail: Sequence[Waiting], language: str, known: dict[str, tuple[Message, Body]]
) -> Iterator[Entry]:
    """A message that comes to the address for the sake of several contacts stands in the mail once."""
    wished = preferences.of(call.connection, call.directory_id, [each.contact_id for each in mail])
    for message_id, those in groupby(mail, key=lambda each: each.message_id):
        if message_id not in known:
            found = storage.find(call.connection, call.vault, call.directory_id, message_id)
            assert found is not None, "deliveries go with their message"
            known[message_id] = found
        message, body = known[message_id]
        zone = wished.get(next(those).contact_id, wishes.NONE).time_zone
        local = datetime.fromtimestamp(message.created_at // 1000, UTC).astimezone(ZoneInfo(zone))
        yield digest_letters.entry(message, body, moment=f"{local:%Y-%m-%d %H:%M} {zone}", language=language)


def _key(call: Call, waiting: Waiting) -> dict[str, str]:
    return {"directory": call.directory_id, "message": waiting.message_id, "delivery": waiting.delivery_id}
