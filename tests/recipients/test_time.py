"""The past is answered as the present was then, what-if as what then happens, and coverage as every single answer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from callboard.contacts.rules import MESSAGE_TYPES
from callboard.recipients import rules, whatif
from callboard.recipients.actions import top
from callboard.recipients.coverage import Kind, Line
from callboard.recipients.report import Report
from callboard.recipients.rules import Situation
from callboard.recipients.whatif import Change
from tests.property.profiles import examples
from tests.recipients.world import World
from tests.serving import Account, Server

FAULT, SECURITY = "FaultMessage", "SecurityMessage"
TYPES = st.sampled_from([(FAULT,), (SECURITY,), (FAULT, SECURITY)])


def everything(found: Situation | None) -> Any:
    """All that is answered of a situation, in an order that does not matter."""
    if found is None:
        return None
    told = [sorted(each.contact.contact_id for each in rules.verdict(found, each).told) for each in (FAULT, SECURITY)]
    return told, sorted(((each.contact, each.ways) for each in rules.effective(found)), key=repr)


def undated(found: Situation | None) -> Any:
    """The same without the moments of the ways, which a change that is not made does not have yet."""
    assert found is not None
    told, _ = everything(found)
    ways = sorted((way.contact.contact_id, way.scope_id, way.cause) for way in found.ways)
    contacts = {each.contact.contact_id: each.contact for each in rules.effective(found)}
    seen = sorted((each.contact_id, each.message_types, each.email, each.phone) for each in contacts.values())
    return told, ways, seen


class Story:
    """A world in which anything happens, and what was known at each of its moments."""

    def __init__(self, account: Account) -> None:
        self.world = World(account)
        self.folders = [self.world.root_id, self.world.folder("one"), self.world.folder("two")]
        self.folders.append(self.world.folder("three", self.folders[1]))
        self.accounts = [self.world.member(each) for each in self.folders[:3]]
        self.present = list(self.accounts)
        self.known: list[tuple[int, dict[str, Any]]] = []

    def note(self) -> None:
        self.known.append((self.world.now, {each: everything(self.world.situation(each)) for each in self.accounts}))

    def step(self, data: DataObject) -> None:
        """One change. Where it is one that can be asked for before, it is, and the answer compared."""
        steps = [self.add, *([self.move, self.remove] if self.present else [])]
        if self.world.contacts:
            steps += [self.bind, self.bind, self.unbind, self.update, self.prove, self.delete]
        data.draw(st.sampled_from(steps), "step")(data)
        self.note()

    def add(self, data: DataObject) -> None:
        if len(self.world.contacts) < 5:
            self.world.contact(types=data.draw(TYPES), is_proven=data.draw(st.booleans()))

    def prove(self, data: DataObject) -> None:
        self.world.prove(self._contact(data))

    def remove(self, data: DataObject) -> None:
        account_id = data.draw(st.sampled_from(self.present))
        self.world.remove(account_id)
        self.present.remove(account_id)

    def move(self, data: DataObject) -> None:
        account_id, folder_id = data.draw(st.sampled_from(self.present)), data.draw(st.sampled_from(self.folders))
        asked = self.asked(account_id, Change(name="MoveAccount", destination_folder_id=folder_id))
        self.world.move(account_id, folder_id)
        assert undated(self.world.situation(account_id)) == asked

    def bind(self, data: DataObject) -> None:
        contact_id, targets = self._contact(data), self._targets(data)
        with self.comparing(Change(name="AssociateMembers", contact_id=contact_id, members=targets)):
            self.world.bind(contact_id, *targets)

    def unbind(self, data: DataObject) -> None:
        contact_id, targets = self._contact(data), self._targets(data)
        with self.comparing(Change(name="DisassociateMembers", contact_id=contact_id, members=targets)):
            self.world.unbind(contact_id, *targets)

    def update(self, data: DataObject) -> None:
        contact_id, types = self._contact(data), data.draw(TYPES)
        email = data.draw(st.sampled_from(["a@example.com", "b@example.com"]))
        change = Change(name="UpdateMessageContact", contact_id=contact_id, message_types=types, email_address=email)
        with self.comparing(change):
            self.world.update(contact_id, message_types=types, email=email)

    def delete(self, data: DataObject) -> None:
        contact_id, is_kept = self._contact(data), data.draw(st.booleans())
        change = Change(name="DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=is_kept)
        with self.comparing(change):
            self.world.delete(contact_id, is_kept=is_kept)

    def _contact(self, data: DataObject) -> str:
        return data.draw(st.integers(0, 9).map(lambda each: self.world.contacts[each % len(self.world.contacts)]))

    def _targets(self, data: DataObject) -> tuple[str, ...]:
        every = [self.world.directory_id, *self.folders, *self.present]
        return tuple(data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=2, unique=True)))

    def asked(self, account_id: str, change: Change) -> Any:
        found = self.world.situation(account_id)
        assert found is not None
        return undated(self.world.run(lambda open_: whatif.after(self.world.call(open_), found, change)))

    def comparing(self, change: Change) -> "Comparison":
        return Comparison(self, change)


class Comparison:
    """A change that is asked for before the block, and made in it: of everybody it makes what was said."""

    def __init__(self, story: Story, change: Change) -> None:
        self.story, self.asked = story, {each: story.asked(each, change) for each in story.accounts}

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            found = {each: undated(self.story.world.situation(each)) for each in self.story.accounts}
            assert found == self.asked


def coverage_of(world: World, folder_id: str | None = None) -> list[Line]:
    """Every line of the report."""

    def work(connection: Any) -> list[Line]:
        report = Report(connection, world.directory_id, top(connection, world.directory_id, folder_id or world.root_id))
        found, place = report.page(connection, None)
        while place is not None:
            more, place = report.page(connection, place)
            found += more
        return found

    return list(world.run(work))


def kind_of(world: World, account_id: str, message_type: str) -> tuple[str, int]:
    """By the answer about this one account."""
    found = world.situation(account_id)
    assert found is not None
    verdict = rules.verdict(found, message_type)
    is_waiting = any(reason is rules.Reason.NOT_VERIFIED for _, reason in verdict.not_told)
    nobody = Kind.UNVERIFIED if is_waiting else Kind.NONE
    return {0: nobody, 1: Kind.ONE}.get(len(verdict.told), Kind.COVERED).value, len(verdict.told)


def test_whatever_happens_the_past_is_answered_as_it_was_and_what_if_as_it_comes(server: Server) -> None:
    @examples(15)
    @given(st.data())
    def tell(data: DataObject) -> None:
        story = Story(server.account())
        before = story.world.now - 3_600_000
        for _ in range(data.draw(st.integers(3, 14), "steps")):
            story.step(data)

        for moment, known in story.known:
            for account_id, expected in known.items():
                assert everything(story.world.situation_at(account_id, moment)) == expected
        assert story.world.situation_at(story.accounts[0], before) is None
        for line in coverage_of(story.world):
            assert (line.kind.value, line.verified) == kind_of(story.world, line.account_id, line.message_type)
        assert len(coverage_of(story.world)) == len(story.present) * len(MESSAGE_TYPES)

    tell()
