"""What the machine of contacts and proofs rests on: an example's own site and model, and that both agree."""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from msgspec.structs import replace

from callboard.contacts.rules import Contact
from callboard.runtime import Runtime
from tests.property.ownership import DAY, FIELDS, GONE, MINUTE, TRIES, Thing, World
from tests.property.site import Site
from tests.storage.work import NOW, add_directory

Place = tuple[int, str]
PLACES: tuple[Place, ...] = ((0, "tom"), (0, "tim"), (1, "tom"))
"""Which contacts there may be: in which directory, by which name."""
LIMITS = {
    "account": (6, [DAY]),
    "address": (4, [MINUTE, 10 * MINUTE, DAY]),
    "source": (5, [60 * MINUTE]),
    "codes": (12, [60 * MINUTE]),
    "prefix": (5, [DAY]),
}
"""How much may be allowed at most, and in which periods."""
NUMBERS = st.fixed_dictionaries(
    {kind: st.lists(st.sampled_from([0, 1, most]), min_size=3, max_size=3) for kind, (most, _) in LIMITS.items()}
)
"""No limit is 0."""


class Comparison(RuleBasedStateMachine):
    """The product beside the model. All examples share a database; each has a stretch of time of its own."""

    number, latest = 0, NOW

    def __init__(self, runtime: Runtime) -> None:
        super().__init__()
        Comparison.number += 1
        self.runtime, self.now, self.step = runtime, Comparison.latest + 8 * DAY, 0
        host = f"n{Comparison.number}.example.com"
        self.emails = (f"a@{host}", f"A@{host}", f"b@{host}")
        self.phones = tuple(f"86-139{Comparison.number:07}{digit}" for digit in (1, 2))
        self.contacts: dict[Place, Thing] = {}
        self.typed: list[tuple[list[Any], list[Thing], str]] = []
        self.proof: Thing | None = None
        self.in_effect: dict[tuple[str, str], str | None] = {}
        self.waiting_since: dict[tuple[str, str], int] = {}

    @initialize(numbers=NUMBERS, pause=st.sampled_from([0, MINUTE]))
    def begin(self, numbers: dict[str, list[int]], pause: int) -> None:
        drawn = {kind: list(zip(numbers[kind], periods, strict=False)) for kind, (_, periods) in LIMITS.items()}
        drawn["address"].append((min(pause, 1), pause))
        terms = replace(
            self.runtime.terms,
            code_attempts=TRIES,
            per_account=tuple(drawn["account"]),
            per_address=tuple(drawn["address"]),
            per_source=tuple(drawn["source"]),
            codes_per_source=tuple(drawn["codes"]),
            per_prefix=tuple(drawn["prefix"]),
        )
        self.directories = [add_directory(self.runtime.database, 2 * Comparison.number + each) for each in (0, 1)]
        self.site, self.world = Site(self.runtime, terms, self.directories, now=self.now), World(drawn)
        self.letters_before = self.site.letters_by_state()
        for place, email in zip(PLACES[:2], self.emails[:2], strict=True):
            self.add_contact(place, email, self.phones[0])

    def teardown(self) -> None:
        Comparison.latest = self.now

    def add_contact(self, place: Place, email: str, phone: str) -> None:
        contact_id = self.site.add(*place, email, phone)
        self.contacts[place] = self.world.add(contact_id, place[0], email, phone, at=self.tick())

    def tick(self) -> int:
        """The moment of this step; the next thing happens later."""
        self.go_on_to(self.now + 1)
        return self.now - 1

    def go_on_to(self, moment: int) -> None:
        self.now = self.site.now = moment

    def expect_letter(self, contact: Thing, target: str, source: str, *, by: str) -> None:
        """There must be a letter of this moment to exactly this address, about this contact."""
        letter = self.world.send(contact, target, source, at=self.now, by=by)
        written = {
            content.link.rpartition("/v/")[2]: (to, content.code) for to, content in self.site.letters_of_now(target)
        }
        views = {token: self.site.look(token) for token in written}
        (token,) = [each for each, view in views.items() if view.contact and view.contact.contact_id == contact["id"]]
        to, code = written[token]
        assert to == target
        letter |= {"token": token, "code": code, "step": self.step}

    @invariant()
    def every_contact_is_shown_as_the_model_has_it(self) -> None:
        for contact in self.world.contacts:
            shown = self.site.get(contact["directory"], contact["id"])
            listed = self.site.waiting(contact["directory"], contact["id"])
            if contact["status"] == "Gone":
                assert (shown, listed) == (GONE, GONE)
                continue
            assert not isinstance(shown, str)
            phone = contact["phone"]["value"] if contact["phone"] else None
            assert (shown.status, shown.email_address) == (contact["status"], contact["email"]["value"])
            assert (shown.phone_number or None) == phone
            assert listed == self.world.listed(contact)

    @invariant()
    def every_link_leads_where_the_model_says_and_shows_its_own_contact_alone(self) -> None:
        for letter in self.world.letters:
            view = self.site.look(letter["token"])
            assert view.standing == self.world.standing(letter, at=self.now)
            if view.proof is not None:
                assert view.proof.target == letter["target"]
                assert view.contact is not None
                assert view.contact.contact_id == letter["contact"]["id"]

    @invariant()
    def there_are_as_many_letters_as_the_model_sent(self) -> None:
        expected = Counter((letter["channel"], letter["box"]) for letter in self.world.letters)
        expected["email", "kept"] += self.world.notices
        found = Counter(self.site.letters_by_state())
        assert found == Counter(self.letters_before) + expected

    @invariant()
    def each_change_has_one_record(self) -> None:
        for number, directory in enumerate(self.directories):
            account = directory.management_account_id
            expected = [
                (
                    each["action"],
                    each["contact"]["id"],
                    each["at"],
                    each["by"].replace("root", f"acs:ram::{account}:root"),
                )
                for each in self.world.records
                if each["contact"]["directory"] == number
            ]
            found = [
                (each.action, each.resource.rpartition("/")[2], each.at, each.principal)
                for each in self.site.records(number)
            ]
            assert found == expected

    @invariant()
    def an_address_in_effect_was_proven_by_what_was_sent_to_it_while_it_waited(self) -> None:
        """Looks at what is stored, step by step, and asks the model nothing."""
        for contact in self.world.contacts:
            stored = self.site.stored(contact["directory"], contact["id"])
            for field in FIELDS:
                address = getattr(stored, field, None)
                value = address.value if address and address.verified_at is not None else None
                if value is not None and value != self.in_effect.get((contact["id"], field)):
                    self._is_proven_now(contact, value)
                self.in_effect[contact["id"], field] = value
            self._note_what_waits(contact["id"], stored)
        self.proof = None
        self.step += 1

    def _is_proven_now(self, contact: Thing, target: str) -> None:
        assert self.proof is not None
        assert self.proof["contact"] is contact
        assert self.proof["target"] == target
        assert self.proof["step"] > self.waiting_since[contact["id"], target]

    def _note_what_waits(self, contact_id: str, stored: Contact | None) -> None:
        now_waiting = {(contact_id, target) for target in stored.unproven} if stored else set()
        before = {key for key in self.waiting_since if key[0] == contact_id}
        for key in before - now_waiting:
            del self.waiting_since[key]
        for key in now_waiting - before:
            self.waiting_since[key] = self.step
