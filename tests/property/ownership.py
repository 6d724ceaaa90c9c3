"""Proof of ownership as plainly as it can be thought: dicts, lists and loops, from the documentation and by hand.

Nothing here knows the product's rules. What is asked of the model comes back as the status and code of a refusal, or
as the name of a page. `do` methods change the model; it is asked about one moment at a time.
"""

from typing import Any

GONE = "404 EntityNotExists.Contact"
NOT_WAITING = "404 EntityNotExists.Contact.Verification"
LIMITED = "409 SendValidateCodeExceedsLimitForAccount"
MISMATCH = "400 ContactStatusMismatchAction"
BUSY = "429 ConcurrentCallNotSupported"
NOT_PENDING = {"email": "400 InvalidParameter.EmailAddress", "phone": "400 InvalidParameter.PhoneNumber"}

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
LIFETIMES = {"email": DAY, "sms": 10 * MINUTE}
TRIES = 5
FIELDS = ("email", "phone")

Thing = dict[str, Any]


class World:
    """Every contact, letter and count there is."""

    def __init__(self, limits: dict[str, list[tuple[int, int]]]) -> None:
        self.limits = limits
        self.contacts: list[Thing] = []
        self.letters: list[Thing] = []
        self.counts: list[Thing] = []
        self.refused: list[tuple[str, str]] = []
        self.records: list[Thing] = []
        self.notices = 0

    def add(self, contact_id: str, directory: str, email: str, phone: str, *, at: int) -> Thing:
        contact = {"id": contact_id, "directory": directory, "status": "Verifying"}
        contact |= {"email": unproven(email), "phone": unproven(phone) if phone else None}
        self.contacts.append(contact)
        self._record("AddMessageContact", contact, at)
        return contact

    def update(self, contact: Thing, changes: dict[str, str], *, at: int) -> str | None:
        if contact["status"] != "Verifying" and contact["status"] != "Active":
            return GONE if contact["status"] == "Gone" else MISMATCH
        before, waited = repr(contact), waiting(contact)
        for field, value in changes.items():
            address = contact[field]
            if value == "":
                contact[field] = None
            elif address is None or (not address["is_proven"] and value != address["value"]):
                contact[field] = unproven(value)
            elif value != address["value"]:
                address["pending"] = value
        if repr(contact) != before:
            self._void(contact, [each for each in waited if each not in waiting(contact)])
            self._record("UpdateMessageContact", contact, at)
        return None

    def cancel(self, contact: Thing, named: dict[str, str], *, at: int) -> str | None:
        if contact["status"] == "Gone":
            return GONE
        pending = {field: contact[field]["pending"] for field in FIELDS if contact[field] and contact[field]["pending"]}
        if contact["status"] == "Deleting" or not pending:
            return MISMATCH
        for field in FIELDS:
            if field in named and named[field] != pending.get(field):
                return NOT_PENDING[field]
        for field in named or pending:
            contact[field]["pending"] = None
            self._void(contact, [pending[field]])
        self._record("CancelMessageContactUpdate", contact, at)
        return None

    def delete(self, contact: Thing, *, is_kept_by_members: bool, at: int) -> str:
        if contact["status"] in ("Gone", "Deleting"):
            return GONE if contact["status"] == "Gone" else BUSY
        self._void(contact, waiting(contact))
        contact |= {"status": "Gone" if is_kept_by_members else "Deleting", "deleted_at": at}
        self._record("DeleteMessageContact", contact, at)
        return "Deleted" if is_kept_by_members else "Deleting"

    def finish_deletions(self, *, at: int) -> None:
        due = [each for each in self.contacts if each["status"] == "Deleting"]
        for contact in sorted(due, key=lambda each: int(each["deleted_at"])):
            contact["status"] = "Gone"
            self._record("FinishDeletion", contact, at)

    def why_not_sent(self, contact: Thing, target: str, source: str, *, at: int) -> str | None:
        """What a wish for a letter is refused with; None when it must be sent."""
        if contact["status"] == "Gone":
            return GONE
        if target not in waiting(contact) or (contact["directory"], same(target)) in self.refused:
            return NOT_WAITING
        return None if self.is_free(names_of(contact, target, source), at=at) else LIMITED

    def send(self, contact: Thing, target: str, source: str, *, at: int, by: str) -> Thing:
        """A letter that was sent, in place of earlier ones."""
        for letter in self._of(contact, target):
            letter["fate"] = "replaced"
            take_back(letter)
        channel = "email" if "@" in target else "sms"
        letter = {"contact": contact, "target": target, "channel": channel, "at": at, "fate": "open", "tries": 0}
        letter |= {"expires": at + LIFETIMES[channel], "box": "waiting" if channel == "email" else "kept"}
        self.letters.append(letter)
        self.counts.append({"at": at, **names_of(contact, target, source)})
        kind = "Email" if channel == "email" else "Phone"
        self._record(f"Send{kind}VerificationForMessageContact", contact, at, by)
        return letter

    def is_free(self, names: Thing, *, at: int) -> bool:
        """Whether one more of this is within every limit, by counting all that ever was."""
        for kind, name in names.items():
            for most, period in self.limits[kind]:
                recent = [each for each in self.counts if each.get(kind) == name and each["at"] > at - period]
                if most and len(recent) >= most:
                    return False
        return True

    def edges(self, names: Thing) -> list[int]:
        """When something that was counted under these names ceases to count, in order."""
        found = [
            each["at"] + period
            for kind, name in names.items()
            for _, period in self.limits[kind]
            for each in self.counts
            if each.get(kind) == name
        ]
        return sorted(found)

    def standing(self, letter: Thing, *, at: int) -> str:
        """The page that a letter's link leads to."""
        contact = letter["contact"]
        if contact["status"] == "Gone":
            return "unknown"
        if letter["fate"] in ("confirmed", "refused", "withdrawn"):
            return str(letter["fate"])
        if letter["target"] not in waiting(contact):
            return "withdrawn"
        if letter["fate"] == "replaced":
            return "replaced"
        return "open" if at < letter["expires"] else "expired"

    def confirm(self, letter: Thing, *, at: int) -> str:
        if self.standing(letter, at=at) != "open":
            return self.standing(letter, at=at)
        contact, target = letter["contact"], letter["target"]
        letter["fate"] = "confirmed"
        take_back(letter)
        for field in FIELDS:
            address = contact[field]
            if address and target in (address["value"], address["pending"]):
                contact[field] = {"value": target, "is_proven": True, "pending": None}
        if "@" in target:
            contact["status"] = "Active"
        self._record("ConfirmMessageContactVerification", contact, at, "owner")
        return "confirmed"

    def refuse(self, letter: Thing, *, at: int) -> str:
        found = self.standing(letter, at=at)
        if found not in ("open", "expired", "replaced"):
            return found
        contact, target = letter["contact"], letter["target"]
        self.refused.append((contact["directory"], same(target)))
        for other in self.letters:
            if other["contact"]["directory"] == contact["directory"] and same(other["target"]) == same(target):
                take_back(other)
                if other["fate"] in ("open", "replaced"):
                    other["fate"] = "refused"
        if target not in (contact["email"]["value"], contact["email"]["pending"]):
            contact["phone"] = contact["phone"] if contact["phone"]["is_proven"] else None
        for field in FIELDS:
            if contact[field] and contact[field]["pending"] == target:
                contact[field]["pending"] = None
        self.notices += 1
        self._record("RefuseMessageContactVerification", contact, at, "owner")
        return "refused"

    def lift(self, target: str) -> None:
        self.refused = [each for each in self.refused if each[1] != same(target)]

    def try_code(self, meant: str, source: str, *, at: int) -> list[Thing] | None:
        """The letters whose code is looked at, each with one try less; None when the source must wait."""
        names = {"codes": source}
        if not self.is_free(names, at=at):
            return None
        self.counts.append({"at": at, **names})
        tried = [each for each in self.open_for(meant) if at < each["expires"] and each["tries"] < TRIES]
        for letter in tried:
            letter["tries"] += 1
        return tried

    def open_for(self, meant: str) -> list[Thing]:
        """The letters to an address that were not used, replaced or made void, newest first."""
        found = [each for each in self.letters if same(each["target"]) == same(meant) and each["fate"] == "open"]
        return [each for each in reversed(found) if each["contact"]["status"] != "Gone"]

    def listed(self, contact: Thing) -> list[str]:
        refused = [target for directory, target in self.refused if directory == contact["directory"]]
        return [each for each in waiting(contact, even_deleting=True) if same(each) not in refused]

    def _of(self, contact: Thing, target: str) -> list[Thing]:
        return [
            each
            for each in self.letters
            if each["contact"] is contact and same(each["target"]) == same(target) and each["fate"] == "open"
        ]

    def _void(self, contact: Thing, targets: list[str]) -> None:
        for target in targets:
            for letter in self._of(contact, target):
                letter["fate"] = "withdrawn"
                take_back(letter)

    def _record(self, action: str, contact: Thing, at: int, by: str = "root") -> None:
        self.records.append({"action": action, "contact": contact, "at": at, "by": by})


def unproven(value: str) -> Thing:
    return {"value": value, "is_proven": False, "pending": None}


def waiting(contact: Thing, *, even_deleting: bool = False) -> list[str]:
    """What waits for a proof, the email address first."""
    if contact["status"] == "Gone" or (contact["status"] == "Deleting" and not even_deleting):
        return []
    addresses = [contact[field] for field in FIELDS if contact[field]]
    found = [each["pending"] if each["is_proven"] else each["value"] for each in addresses]
    return [each for each in found if each]


def same(target: str) -> str:
    """One spelling for all: who reads them does not tell capitals from small letters."""
    return target.lower()


def take_back(letter: Thing) -> None:
    """Letters that nobody has taken yet are not sent any more; those in the mailbox stay there."""
    if letter["box"] == "waiting":
        letter["box"] = "withdrawn"


def names_of(contact: Thing, target: str, source: str) -> Thing:
    """What a letter counts for."""
    channel = "email" if "@" in target else "sms"
    names = {"account": (contact["directory"], channel), "address": same(target), "source": source}
    return names if channel == "email" else {**names, "prefix": target.split("-", maxsplit=1)[0]}
