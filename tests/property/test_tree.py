"""The directory and the contacts that follow it, on both databases and in both profiles, against the plainest model."""

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace

from callboard.runtime import Runtime
from callboard.settings import load
from callboard.wiring import build_runtime
from tests.property.profiles import examples
from tests.property.tree_site import OWN_VERSION, TreeSite
from tests.property.tree_world import Thing, World
from tests.storage.work import NOW, add_directory

EXAMPLES = {"sqlite": 30, "postgresql": 8}
NIGHTLY = 10_000
STEPS = 50
DAY = 24 * 60 * 60 * 1000
TYPES = ("FaultMessage", "AccountExpenses")
MOST_CONTACTS, MOST_FOLDERS, MOST_MEMBERS = 5, 9, 5

A_NUMBER = st.integers(0, 40)
SOME_TYPES = st.lists(st.sampled_from(TYPES), min_size=1, unique=True)
PAUSE = st.integers(0, 2)


class Tree(RuleBasedStateMachine):
    """The product beside the model: a directory of its own for every example, on one database."""

    number, latest = 0, NOW

    def __init__(self, runtime: Runtime) -> None:
        super().__init__()
        Tree.number += 1
        self.now = Tree.latest + 8 * DAY
        terms = replace(
            runtime.terms, per_account=(), per_address=(), per_source=(), codes_per_source=(), per_prefix=()
        )
        directory = add_directory(runtime.database, 100_000 + Tree.number)
        self.site = TreeSite(runtime, terms, [directory], now=self.now)
        self.world = World(
            directory.directory_id,
            directory.root_folder_id,
            leavers_keep=runtime.profile.leavers_keep_contacts,
            most_targets=runtime.profile.targets,
            at=self.now,
        )
        self.emails: dict[str, str] = {}
        self.began_at = self.now
        self.tick(1)

    def teardown(self) -> None:
        Tree.latest = self.now

    def tick(self, pause: int) -> None:
        self.now = self.site.now = self.now + pause

    # The tree.

    @precondition(lambda self: len(self.folders) < MOST_FOLDERS)
    @rule(parent=A_NUMBER, name=st.integers(0, 2), pause=PAUSE)
    def create_folder(self, parent: int, name: int, pause: int) -> None:
        parent_id = self.pick(self.folders, parent)
        found = self.site.call("CreateFolder", ParentFolderId=parent_id, FolderName=f"team{name}")
        folder_id = found if isinstance(found, str) else found["Folder"]["FolderId"]
        expected = self.world.create_folder(folder_id, parent_id, f"team{name}", at=self.now)
        assert (found if isinstance(found, str) else None) == expected
        self.tick(pause)

    @rule(folder=A_NUMBER, pause=PAUSE)
    def delete_folder(self, folder: int, pause: int) -> None:
        folders = self.folders[1:]
        if folders:
            folder_id = self.pick(folders, folder)
            found = self.site.refusal("DeleteFolder", FolderId=folder_id)
            assert found == self.world.delete_folder(folder_id, at=self.now)
            self.tick(pause)

    @precondition(lambda self: len(self.members) < MOST_MEMBERS)
    @rule(folder=A_NUMBER, is_cloud=st.booleans(), pause=PAUSE)
    def create_account(self, folder: int, *, is_cloud: bool, pause: int) -> None:
        folder_id, name = self.pick(self.folders, folder), f"account {len(self.everyone)}"
        found = self.site.call("CreateResourceAccount", ParentFolderId=folder_id, DisplayName=name)
        account_id = found["Account"]["AccountId"]
        assert self.world.create_account(account_id, folder_id, at=self.now) is None
        if is_cloud:
            refusal = self.site.refusal("UpdateAccount", AccountId=account_id, NewAccountType="CloudAccount")
            assert refusal == self.world.make_cloud_account(account_id)
        self.tick(pause)

    @precondition(lambda self: self.members)
    @rule(member=A_NUMBER, folder=A_NUMBER, pause=PAUSE)
    def move(self, member: int, folder: int, pause: int) -> None:
        account_id, folder_id = self.pick(self.members, member), self.pick(self.folders, folder)
        if account_id in self.members:
            self._would_tell(account_id, "MoveAccount", DestinationFolderId=folder_id)
        self._move(account_id, folder_id)
        self.tick(pause)

    @precondition(lambda self: self.members and not self.world.tasks)
    @rule(member=A_NUMBER, folder=A_NUMBER)
    def moving_there_and_back_is_as_if_nothing_was(self, member: int, folder: int) -> None:
        account_id, there = self.pick(self.members, member), self.pick(self.folders, folder)
        here = self.world.shape["members"][account_id]
        before = {each: self.site.told(account_id, each) for each in TYPES}
        self._move(account_id, there)
        self._move(account_id, here)
        assert {each: self.site.told(account_id, each) for each in TYPES} == before

    @precondition(lambda self: self.members)
    @rule(member=A_NUMBER, pause=PAUSE)
    def remove(self, member: int, pause: int) -> None:
        account_id = self.pick(self.members, member)
        found = self.site.refusal("RemoveCloudAccount", AccountId=account_id)
        assert found == self.world.remove(account_id, at=self.now)
        self.tick(pause)

    # Contacts.

    @precondition(lambda self: len(self.live) < MOST_CONTACTS)
    @rule(types=SOME_TYPES, is_proven=st.booleans())
    def add(self, types: list[str], *, is_proven: bool) -> None:
        number = len(self.emails)
        email = f"c{number}@n{Tree.number}.example.com"
        name = "c" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
        found = self.site.call("AddMessageContact", Name=name, EmailAddress=email, Title="CEO", MessageTypes=types)
        contact_id = found["Contact"]["ContactId"]
        self.emails[contact_id] = email
        self.world.add(contact_id, types, at=self.now)
        if is_proven:
            self.tick(1)
            self._prove(contact_id)
        self.tick(1)

    @precondition(lambda self: self.live)
    @rule(contact=A_NUMBER)
    def prove(self, contact: int) -> None:
        contact_id = self.pick(self.live, contact)
        if self.world.contacts[contact_id]["status"] == "Verifying":
            self._prove(contact_id)
            self.tick(1)

    @precondition(lambda self: self.emails)
    @rule(contact=A_NUMBER, types=SOME_TYPES)
    def update(self, contact: int, types: list[str]) -> None:
        contact_id = self.pick(list(self.emails), contact)
        if self.members and self.world.contacts[contact_id]["status"] in ("Verifying", "Active"):
            self._would_tell(self.members[0], "UpdateMessageContact", ContactId=contact_id, MessageTypes=types)
        found = self.site.refusal("UpdateMessageContact", ContactId=contact_id, MessageTypes=types)
        assert found == self.world.update(contact_id, types, at=self.now)
        self.tick(1)

    @precondition(lambda self: self.emails)
    @rule(contact=A_NUMBER, places=st.lists(A_NUMBER, min_size=1, max_size=3, unique=True), pause=PAUSE)
    def bind(self, contact: int, places: list[int], pause: int) -> None:
        contact_id, named = self._named(contact, places)
        found = self.site.refusal("AssociateMembers", ContactId=contact_id, Members=named)
        assert found == self.world.bind(contact_id, named, at=self.now)
        self.tick(pause)

    @precondition(lambda self: self.emails)
    @rule(contact=A_NUMBER, places=st.lists(A_NUMBER, min_size=1, max_size=3, unique=True), pause=PAUSE)
    def unbind(self, contact: int, places: list[int], pause: int) -> None:
        contact_id, named = self._named(contact, places)
        found = self.site.refusal("DisassociateMembers", ContactId=contact_id, Members=named)
        assert found == self.world.unbind(contact_id, named, at=self.now)
        self.tick(pause)

    @precondition(lambda self: self.live)
    @rule(contact=A_NUMBER, is_kept=st.booleans(), pause=PAUSE)
    def delete(self, contact: int, *, is_kept: bool, pause: int) -> None:
        contact_id = self.pick(self.live, contact)
        kept = "true" if is_kept else "false"
        found = self.site.refusal("DeleteMessageContact", ContactId=contact_id, RetainContactInMembers=kept)
        assert found == self.world.delete(contact_id, is_kept=is_kept, at=self.now)
        self.tick(pause)

    @rule()
    def finish_what_the_background_does(self) -> None:
        due = [each for each in self.live if self.world.contacts[each]["status"] == "Deleting"]
        self.site.finish()
        self.world.finish(at=self.now)
        for contact_id in due:
            if self.world.contacts[contact_id]["status"] != "Gone":
                self._failed(contact_id)
        self.tick(1)

    # What must hold after each step.

    @invariant()
    def everyone_is_told_what_the_model_says(self) -> None:
        for account_id in self.everyone:
            for message_type in TYPES:
                assert self.site.told(account_id, message_type) == self.world.told(account_id, message_type)

    @invariant()
    def every_way_in_is_shown(self) -> None:
        for account_id in self.members:
            found = self.site.call("ListEffectiveContacts", version=OWN_VERSION, AccountId=account_id)
            ways = {
                (contact["ContactId"], path["ScopeId"])
                for contact in found["Contacts"]
                for path in contact["Paths"]
                if path["Kind"] != "Retained"
            }
            assert ways == self.world.bound_ways(account_id)

    @invariant()
    def members_are_where_the_model_has_them(self) -> None:
        for account_id in self.everyone:
            assert self.site.placed_in(account_id) == self.world.shape["members"].get(account_id)

    @invariant()
    def contacts_show_what_they_are_bound_to(self) -> None:
        for contact_id, contact in self.world.contacts.items():
            found = self.site.call("GetMessageContact", ContactId=contact_id)
            if contact["status"] == "Gone":
                assert found == "404 EntityNotExists.Contact"
                continue
            bound = {target for each, target in self.world.shape["bound"] if each == contact_id}
            assert set(found["Contact"]["Members"]) == bound
            assert found["Contact"]["Status"] == contact["status"]

    @precondition(lambda self: self.everyone)
    @rule(member=A_NUMBER, message_type=st.sampled_from(TYPES), share=st.floats(0, 1))
    def the_past_is_as_it_was(self, member: int, message_type: str, share: float) -> None:
        account_id = self.pick(self.everyone, member)
        moment = self.began_at + int((self.now - self.began_at) * share)
        found = self.site.told(account_id, message_type, as_of=moment)
        expected = self.world.told(account_id, message_type, at=moment)
        assert found == ("404 EntityNotExists.Account" if expected is None else expected)

    # Steps.

    @property
    def folders(self) -> list[str]:
        return list(self.world.shape["folders"])

    @property
    def members(self) -> list[str]:
        return list(self.world.shape["members"])

    @property
    def everyone(self) -> list[str]:
        return [*self.members, *self.world.shape["former"]]

    @property
    def live(self) -> list[str]:
        return [each["id"] for each in self.world.contacts.values() if each["status"] != "Gone"]

    def pick(self, found: list[str], number: int) -> str:
        return found[number % len(found)]

    def _named(self, contact: int, targets: list[int]) -> tuple[str, list[str]]:
        """A contact and some targets, each by one name; now and then there is one that does not exist."""
        known = [self.world.directory_id, *self.folders[1:], *self.members, "fd-nobodys000"]
        return self.pick(list(self.emails), contact), sorted({self.pick(known, number) for number in targets})

    def _prove(self, contact_id: str) -> None:
        self.site.prove(contact_id, self.emails[contact_id])
        self.world.prove(contact_id, at=self.now)

    def _move(self, account_id: str, folder_id: str) -> None:
        found = self.site.refusal("MoveAccount", AccountId=account_id, DestinationFolderId=folder_id)
        assert found == self.world.move(account_id, folder_id, at=self.now)

    def _would_tell(self, account_id: str, action: str, **parameters: object) -> None:
        """What would be is what the model says once it is."""
        found = self.site.told(account_id, TYPES[0], WhatIf=action, **parameters)
        other = self._copy_of_world()
        if action == "MoveAccount":
            other.tasks = []
            other.move(account_id, str(parameters["DestinationFolderId"]), at=self.now)
        else:
            types = parameters["MessageTypes"]
            assert isinstance(types, list)
            other.update(str(parameters["ContactId"]), types, at=self.now)
        assert found == other.told(account_id, TYPES[0])

    def _copy_of_world(self) -> World:
        from copy import deepcopy

        return deepcopy(self.world)

    def _failed(self, contact_id: str) -> None:
        """Whom the contact could not be taken from, as the model has it."""
        found = self.site.call("GetMessageContactDeletionStatus", ContactId=contact_id)["ContactDeletionStatus"]
        contact: Thing = self.world.contacts[contact_id]
        reasons = {each["AccountId"]: sorted(each["MessageTypes"]) for each in found["FailReasonList"]}
        assert (found["Status"], reasons) == ("Failed", contact["losses"])


@pytest.mark.parametrize("profile", ["alibaba", "open"])
def test_contacts_follow_the_tree_as_the_plainest_model_says(profile: str, empty_url: str, tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "DATABASE_URL": empty_url, "POSTGRES_CONNECTIONS": "1"}
    environment["PROFILE"] = profile
    prefixed = {f"CALLBOARD_{name}": value for name, value in environment.items()}
    runtime = build_runtime(load(prefixed, config=Path("no-such-file.toml")))
    number = EXAMPLES[empty_url.partition(":")[0]]
    pace = hypothesis_settings(examples(number, nightly=NIGHTLY // 2), stateful_step_count=STEPS)

    run_state_machine_as_test(lambda: Tree(runtime), settings=pace)

    runtime.database.close()
