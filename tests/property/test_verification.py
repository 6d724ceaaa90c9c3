"""The life of contacts and of the proofs that they wait for, on both databases, against the plainest model of it.

The model is in `ownership.py`, what must hold after each step in `comparison.py`.
"""

from pathlib import Path

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from callboard.settings import load
from callboard.wiring import build_runtime
from tests.property.comparison import PLACES, Comparison, Place
from tests.property.ownership import FIELDS, LIMITED, NOT_WAITING, TRIES, Thing, names_of, waiting
from tests.property.profiles import examples

EXAMPLES = {"sqlite": 50, "postgresql": 12}
STEPS = 40
SOURCES = {
    "192.0.2.1": "192.0.2.1",
    "2001:db8::1": "2001:db8::",
    "2001:db8::2": "2001:db8::",
    "2001:db8:0:1::1": "2001:db8:0:1::",
    None: "unknown",
}
"""Network addresses of those who ask, and what each counts as."""

A_PLACE = st.sampled_from(PLACES)
A_NUMBER = st.integers(0, 60)
A_SOURCE = st.sampled_from(list(SOURCES))
AN_EMAIL, A_PHONE = st.integers(0, 2), st.integers(-1, 1)
A_FORM = st.integers(0, 3)
CHANGES = st.fixed_dictionaries({}, optional={"email": AN_EMAIL, "phone": A_PHONE})


class Ownership(Comparison):
    """Everything that callers, owners and time can do."""

    @rule(place=A_PLACE, email=AN_EMAIL, phone=A_PHONE)
    def add(self, place: Place, email: int, phone: int) -> None:
        if place not in self.contacts or self.contacts[place]["status"] == "Gone":
            named = self._named({"email": email, "phone": phone})
            self.add_contact(place, named["email"], named["phone"])

    @rule(place=A_PLACE, changes=CHANGES)
    def update(self, place: Place, changes: dict[str, int]) -> None:
        if contact := self.contacts.get(place):
            named = self._named(changes)
            found = self.site.update(place[0], contact["id"], named)
            assert found == self.world.update(contact, named, at=self.tick())

    @precondition(lambda self: self._proven())
    @rule(number=A_NUMBER, other=A_NUMBER)
    def change_what_is_proven(self, number: int, other: int) -> None:
        found = self._proven()
        place, field = found[number % len(found)]
        targets = self.emails if field == "email" else self.phones
        others = [each for each in targets if each != self.contacts[place][field]["value"]]
        self.update(place, {field: targets.index(others[other % len(others)])})

    @rule(place=A_PLACE, changes=CHANGES)
    def cancel_at_a_guess(self, place: Place, changes: dict[str, int]) -> None:
        self._cancel(place, {field: value for field, value in self._named(changes).items() if value})

    @precondition(lambda self: self._pending())
    @rule(number=A_NUMBER, is_named=st.booleans())
    def cancel_what_is_pending(self, number: int, *, is_named: bool) -> None:
        found = self._pending()
        place, field = found[number % len(found)]
        self._cancel(place, {field: self.contacts[place][field]["pending"]} if is_named else {})

    @precondition(lambda self: self.world.letters)
    @rule(place=A_PLACE, is_kept=st.booleans())
    def delete(self, place: Place, *, is_kept: bool) -> None:
        if contact := self.contacts.get(place):
            found = self.site.delete(place[0], contact["id"], is_kept_by_members=is_kept)
            assert found == self.world.delete(contact, is_kept_by_members=is_kept, at=self.tick())

    @rule()
    def finish_deletions(self) -> None:
        self.site.finish_deletions()
        self.world.finish_deletions(at=self.tick())

    @precondition(lambda self: self._waiting())
    @rule(number=A_NUMBER, source=A_SOURCE)
    def send_to_what_waits(self, number: int, source: str | None) -> None:
        found = self._waiting()
        self._send(*found[number % len(found)], source)

    @rule(place=A_PLACE, number=A_NUMBER, source=A_SOURCE)
    def send_anywhere(self, place: Place, number: int, source: str | None) -> None:
        if place in self.contacts:
            self._send(place, self._target(number), source)

    @precondition(lambda self: self._waiting())
    @rule(number=A_NUMBER)
    def send_and_confirm_what_waits(self, number: int) -> None:
        before = len(self.world.letters)
        self.send_to_what_waits(number, None)
        if len(self.world.letters) > before:
            self.confirm_by_link(0)

    @precondition(lambda self: self.world.letters)
    @rule(number=A_NUMBER)
    def confirm_by_link(self, number: int) -> None:
        letter = self.proof = self._letter(number)
        found = self.site.confirm(letter["token"])
        assert found == self.world.confirm(letter, at=self.tick())

    @precondition(lambda self: self.world.letters)
    @rule(number=A_NUMBER)
    def refuse(self, number: int) -> None:
        letter = self._letter(number)
        found = self.site.refuse(letter["token"])
        assert found == self.world.refuse(letter, at=self.tick())

    @precondition(lambda self: self.world.refused)
    @rule(number=A_NUMBER)
    def lift_refusals(self, number: int) -> None:
        self.site.lift_refusals(self._target(number))
        self.world.lift(self._target(number))

    @precondition(lambda self: self.world.letters)
    @rule(number=A_NUMBER, source=A_SOURCE)
    def ask_again_with_a_link(self, number: int, source: str | None) -> None:
        letter = self._letter(number)
        contact, target, counts_as = letter["contact"], letter["target"], SOURCES[source]
        until = self.site.waits_until(letter["token"], source)
        found = self.site.ask_again(letter["token"], source)
        if contact["status"] == "Gone":
            assert found == NOT_WAITING
            return
        refusal = self.world.why_not_sent(contact, target, counts_as, at=self.now)
        assert found == refusal
        if refusal == LIMITED:
            self._is_earliest(until, names_of(contact, target, counts_as))
        if refusal is None:
            self.expect_letter(contact, target, counts_as, by="owner")
        self.tick()

    @rule(number=A_NUMBER, form=A_FORM, source=A_SOURCE)
    def ask_again_for_a_typed_address(self, number: int, form: int, source: str | None) -> None:
        target, asker = self._target(number), {"source": SOURCES[source]}
        letters = self.world.open_for(target)
        if len({each["at"] for each in letters}) < len(letters):
            return  # Of letters of one moment, it is not said which contact is served first.
        found = self.site.ask_again_for(spelled(target, form), source)
        if not self.world.is_free(asker, at=self.now):
            self._is_earliest(found, asker)
            return
        assert found is None
        written = len(self.world.letters)
        for letter in letters:
            contact, exact = letter["contact"], letter["target"]
            if self.world.why_not_sent(contact, exact, asker["source"], at=self.now) is None:
                self.expect_letter(contact, exact, asker["source"], by="owner")
        if len(self.world.letters) == written:
            self.world.counts.append({"at": self.now, **asker})
        self.tick()

    @precondition(lambda self: self.world.letters)
    @rule(number=A_NUMBER, form=A_FORM, source=A_SOURCE, is_right=st.booleans())
    def type_a_code(self, number: int, form: int, source: str | None, *, is_right: bool) -> None:
        """It is looked at in a later step, after whatever has happened in between."""
        letter = self._letter(number)
        self._count(letter["target"], form, letter["code"] if is_right else "wrong", source)

    @precondition(lambda self: self.world.letters)
    @rule(number=A_NUMBER, wrong=st.integers(0, TRIES + 1))
    def type_wrong_codes_then_the_right_one(self, number: int, wrong: int) -> None:
        letter = self._letter(number)
        for code in (*["wrong"] * wrong, letter["code"]):
            if self._count(letter["target"], 0, code, None):
                self.look_at_a_typed_code()

    @precondition(lambda self: self.typed)
    @rule()
    def look_at_a_typed_code(self) -> None:
        counted, letters, code = self.typed.pop()
        view = self.site.confirm_by_code(counted, code)
        right = [each for each in letters if each["code"] == code]
        is_confirmed = bool(right) and self.world.standing(right[0], at=self.now) == "open"
        if is_confirmed:
            self.proof = right[0]
            self.world.confirm(right[0], at=self.now)
        assert (view is not None) == is_confirmed
        assert view is None or view.contact.contact_id == right[0]["contact"]["id"]
        self.tick()

    @rule(seconds=st.sampled_from([1, 30, 60, 600, 3600, 43_200, 86_400]), has_clearing=st.booleans())
    def let_time_pass(self, seconds: int, *, has_clearing: bool) -> None:
        self._wait_until(self.now + seconds * 1000, has_clearing=has_clearing)

    @precondition(lambda self: self._waiting())
    @rule(number=A_NUMBER, source=A_SOURCE, offset=st.integers(-1, 0), has_clearing=st.booleans())
    def send_as_soon_as_the_limits_let_one_through(
        self, number: int, source: str | None, offset: int, *, has_clearing: bool
    ) -> None:
        """Or a moment too early."""
        found = self._waiting()
        place, target = found[number % len(found)]
        names = names_of(self.contacts[place], target, SOURCES[source])
        free = [each for each in (self.now, *self.world.edges(names)) if self.world.is_free(names, at=each)]
        self._wait_until(free[0] + offset, has_clearing=has_clearing)
        self._send(place, target, source)

    @precondition(lambda self: self._open())
    @rule(number=A_NUMBER, offset=st.integers(-1, 1))
    def let_time_pass_to_the_end_of_a_letter(self, number: int, offset: int) -> None:
        letters = self._open()
        self._wait_until(letters[number % len(letters)]["expires"] + offset, has_clearing=False)

    def _wait_until(self, moment: int, *, has_clearing: bool) -> None:
        """Time passes; the background may clear away what limits nothing any more."""
        self.go_on_to(max(self.now, moment))
        if has_clearing:
            self.site.forget_old_limits()

    def _open(self) -> list[Thing]:
        return [each for each in self.world.letters if self.world.standing(each, at=self.now) == "open"]

    def _waiting(self) -> list[tuple[Place, str]]:
        return [(place, target) for place, contact in self.contacts.items() for target in waiting(contact)]

    def _proven(self) -> list[tuple[Place, str]]:
        return [(place, field) for place, field in self._addresses() if self.contacts[place][field]["is_proven"]]

    def _pending(self) -> list[tuple[Place, str]]:
        return [(place, field) for place, field in self._addresses() if self.contacts[place][field]["pending"]]

    def _addresses(self) -> list[tuple[Place, str]]:
        return [(place, field) for place, contact in self.contacts.items() for field in FIELDS if contact[field]]

    def _cancel(self, place: Place, named: dict[str, str]) -> None:
        if contact := self.contacts.get(place):
            found = self.site.cancel(place[0], contact["id"], named)
            assert found == self.world.cancel(contact, named, at=self.tick())

    def _send(self, place: Place, target: str, source: str | None) -> None:
        contact, counts_as = self.contacts[place], SOURCES[source]
        refusal = self.world.why_not_sent(contact, target, counts_as, at=self.now)
        assert self.site.send(place[0], contact["id"], target, source) == refusal
        if refusal is None:
            self.expect_letter(contact, target, counts_as, by="root")
        self.tick()

    def _count(self, target: str, form: int, code: str, source: str | None) -> bool:
        found = self.site.count_attempt(spelled(target, form), source)
        letters = self.world.try_code(target, SOURCES[source], at=self.now)
        if letters is None:
            self._is_earliest(found, {"codes": SOURCES[source]})
            return False
        expected = sorted((each["contact"]["id"], each["target"]) for each in letters)
        assert sorted((each.contact_id, each.target) for each in found) == expected
        self.typed.append((found, letters, code))
        self.tick()
        return True

    def _is_earliest(self, moment: int | None, names: Thing) -> None:
        """From this moment on, and not before, one more is within the limits."""
        assert moment is not None
        assert moment > self.now
        assert self.world.is_free(names, at=moment)
        assert not self.world.is_free(names, at=moment - 1)

    def _letter(self, number: int) -> Thing:
        """One of all that were ever sent, counted from the newest."""
        return self.world.letters[-1 - number % len(self.world.letters)]

    def _target(self, number: int) -> str:
        targets = (*self.emails, *self.phones)
        return targets[number % len(targets)]

    def _named(self, changes: dict[str, int]) -> dict[str, str]:
        found = {"email": self.emails, "phone": (*self.phones, "")}
        return {field: found[field][number] for field, number in changes.items()}


def spelled(target: str, form: int) -> str:
    """An address as people type it."""
    wide = "".join(chr(ord(char) + 0xFEE0) for char in target)
    national = target.partition("-")[2]
    if "@" in target:
        return (target, target.upper(), f" {target} ", wide)[form]
    return (target, f"+86 {national[:3]} {national[3:]}", f"0086{national}", national)[form]


def test_proofs_of_ownership_do_what_the_plainest_model_says(empty_url: str, tmp_path: Path) -> None:
    """Emails wait in the outbox for a worker that is not there; SMS stay in the mailbox."""
    environment = {"DATA_DIR": str(tmp_path), "DATABASE_URL": empty_url, "POSTGRES_CONNECTIONS": "1"}
    environment |= {"SMTP_HOST": "mail.example.com", "SMTP_FROM": "callboard@example.com"}
    prefixed = {f"CALLBOARD_{name}": value for name, value in environment.items()}
    runtime = build_runtime(load(prefixed, config=Path("no-such-file.toml")))
    pace = hypothesis_settings(examples(EXAMPLES[empty_url.partition(":")[0]]), stateful_step_count=STEPS)

    run_state_machine_as_test(lambda: Ownership(runtime), settings=pace)

    runtime.database.close()
