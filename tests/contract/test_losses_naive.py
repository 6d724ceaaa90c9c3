"""Who would lose the last recipient, against a naive reading member by member, after changes at random."""

import random

import pytest
from msgspec.structs import replace

from callboard.call import Call
from callboard.contacts import bindings, losses, retained, storage
from callboard.contacts.rules import Contact, Status
from callboard.database.statement import Connection
from callboard.tree import scopes
from tests.contract.trees import Tree, kept_by
from tests.serving import Account
from tests.storage.test_contacts import BARE, FULL

TYPES = ("FaultMessage", "ProductMessage", "AccountExpenses")


class Life:
    """A directory in which things happen at random."""

    def __init__(self, account: Account, seed: int) -> None:
        self.tree, self.chance, self.number = Tree(account), random.Random(seed), 0
        self.folders = [self.tree.root, self.tree.folder(), self.tree.folder()]
        self.folders.append(self.tree.folder(self.folders[1]))
        self.members = [self.tree.member(self.chance.choice(self.folders)) for _ in range(5)]
        self.gone: list[str] = []

    def step(self) -> None:
        {
            "move": lambda: self.tree.move(self.chance.choice(self.members), self.chance.choice(self.folders)),
            "join": lambda: self.members.append(self.tree.member(self.chance.choice(self.folders))),
            "leave": self.leave,
            "bind": self.bind,
            "delete": self.delete,
        }[self.chance.choice(["move", "move", "join", "leave", "bind", "bind", "delete"])]()

    def leave(self) -> None:
        if len(self.members) > 2:
            self.gone.append(self.members.pop(self.chance.randrange(len(self.members))))
            self.tree.leave(self.gone[-1])

    def bind(self) -> None:
        """Add a contact with one to three types, proven or not, bound to one or two scopes."""
        self.number += 1
        types = tuple(self.chance.sample(TYPES, self.chance.randint(1, 3)))
        model = FULL if self.chance.random() < 0.9 else replace(BARE, status=Status.VERIFYING)
        made = replace(model, contact_id=f"c-{self.number:016}", name=f"n{self.number}", message_types=types)
        targets = self.chance.sample(
            [self.tree.directory_id, *self.folders[1:], *self.members[:4]], self.chance.randint(1, 2)
        )

        def work(call: Call, at: int) -> None:
            storage.add(call.connection, self.tree.directory_id, made)
            for target in targets:
                bindings.bind(call.connection, self.tree.directory_id, made.contact_id, target, at=at)

        self.tree.change(work)

    def delete(self) -> None:
        """Delete a contact that members keep, and sometimes release it."""
        contacts = self.contacts()
        if len(contacts) < 3:
            return
        gone = self.chance.choice(contacts)

        def work(call: Call, at: int) -> None:
            connection, directory_id = call.connection, self.tree.directory_id
            for bound in bindings.targets(connection, directory_id, gone.contact_id):
                target = bound.target_id
                if gone.is_in_effect:
                    retained.keep(connection, directory_id, gone, target, cause="Deleted", bound_to=target, at=at)
            bindings.unbind_contact(connection, directory_id, gone.contact_id, at=at)
            storage.delete_(connection, directory_id, gone.contact_id)
            if self.chance.random() < 0.6:
                retained.release(connection, directory_id, gone.contact_id, at=at)

        self.tree.change(work)

    def contacts(self) -> list[Contact]:
        found = self.tree.account.server.run(
            lambda open_: storage.page(open_, self.tree.directory_id, limit=100, offset=0)
        )
        return list(found)

    def naive(self, open_: Connection, contact: Contact) -> dict[str, tuple[str, ...]]:
        """Each member's recipients, one by one."""
        lost = {}
        for account_id in sorted(self.members):
            above = scopes.of_account(open_, self.tree.directory_id, account_id)
            assert above is not None
            told = [
                each.contact
                for each in bindings.in_effect(open_, self.tree.directory_id, above)
                if each.contact.is_in_effect
            ]
            others = [each for each in told if each.contact_id != contact.contact_id]
            others += [each.contact for each in kept_by(open_, self.tree.directory_id, account_id)]
            covered = {type_ for each in others for type_ in each.message_types}
            types = tuple(type_ for type_ in contact.message_types if type_ not in covered)
            if contact in told and types:
                lost[account_id] = types
        return lost

    def found(self, open_: Connection, contact: Contact) -> dict[str, tuple[str, ...]]:
        bound = bindings.targets(open_, self.tree.directory_id, contact.contact_id)
        failures = losses.find(open_, self.tree.directory_id, contact, bound)
        return {each.account_id: each.message_types for each in failures}


@pytest.mark.parametrize("seed", range(4))
def test_the_search_agrees_with_a_naive_reading(account: Account, seed: int) -> None:
    life = Life(account, seed)
    pairs: list[tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]] = []
    for _ in range(40):
        life.step()
        pairs += [
            account.server.run(lambda open_, each=each: (life.naive(open_, each), life.found(open_, each)))
            for each in life.contacts()
        ]

    assert [found for _, found in pairs] == [naive for naive, _ in pairs]
    assert all(list(found) == sorted(found) for _, found in pairs)
    assert any(found for _, found in pairs)
