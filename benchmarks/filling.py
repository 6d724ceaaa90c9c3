"""A directory filled for measurements, through the product's own storage: a tree, contacts, members of any number."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from callboard.contacts import bindings, storage
from callboard.contacts.rules import MESSAGE_TYPES, Address, Contact, Status
from callboard.database.engine import open_database
from callboard.database.statement import Connection
from callboard.settings import load
from callboard.tree import directories, folders, members
from callboard.tree.folders import Folder
from callboard.tree.members import Kind, Member

CONTACTS = 1_000
AT_ROOT = 5
AT_EACH_FOLDER = 2
CHAINS, LEVELS = 20, 5
BATCH = 1_000


class Filling:
    """The directory of a product that is running, or not; whatever is added is added in transactions of its own."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._database = open_database(load(environment, config=Path("no-such-file.toml")))
        (self._directory,) = self._database.run(directories.every)  # The product has made it at its first start.
        self.directory_id = self._directory.directory_id
        self._accounts: list[str] = []
        self._folders: list[str] = []
        self._contacts: list[str] = []
        self._moment = 1_700_000_000_000
        self._database.run(self._add_folders)
        self._database.run(self._add_contacts)

    @property
    def loose_contact(self) -> str:
        """A contact that is bound to nothing."""
        return self._contacts[-1]

    def grow(self, size: int) -> None:
        """Add members until there are so many."""
        while len(self._accounts) < size:
            upto = min(size, len(self._accounts) + BATCH)
            self._accounts += self._database.run(partial(self._add_members, upto=upto))

    def sample(self, number: int) -> list[str]:
        """Members from everywhere in the tree."""
        return self._accounts[:: max(1, len(self._accounts) // number)]

    def told_to_ten(self) -> list[str]:
        """Members to whom ten contacts come: of the directory, of the two folders above them, and one of their own."""
        spare = len(self._contacts) - AT_ROOT - AT_EACH_FOLDER * len(self._folders) - 1
        return [each for number, each in enumerate(self._accounts[:spare]) if number % LEVELS == 1]

    def _add_folders(self, connection: Connection) -> None:
        for chain in range(CHAINS):
            parent_id = path = self._directory.root_folder_id
            for level in range(LEVELS):
                folder_id = f"fd-{chain:05}{level:05}"
                path = f"{path}/{folder_id}"
                folders.add(
                    connection, self.directory_id, Folder(folder_id, parent_id, f"team{chain}", path, self._moment)
                )
                self._folders.append(folder_id)
                parent_id = folder_id

    def _add_contacts(self, connection: Connection) -> None:
        for number in range(CONTACTS):
            contact = Contact(
                contact_id=f"c-{number:016}",
                name=f"contact {number}",
                title="Other",
                message_types=MESSAGE_TYPES,
                status=Status.ACTIVE,
                email=Address(f"contact{number}@example.com", verified_at=self._moment),
                phone=None,
                created_at=self._moment,
                modified_at=self._moment,
            )
            storage.add(connection, self.directory_id, contact)
            self._contacts.append(contact.contact_id)
        of_folders = [folder_id for folder_id in self._folders for _ in range(AT_EACH_FOLDER)]
        targets = [self.directory_id] * AT_ROOT + of_folders
        for contact_id, target_id in zip(self._contacts, targets, strict=False):
            self._bind(connection, contact_id, target_id)

    def _add_members(self, connection: Connection, upto: int) -> list[str]:
        spare = self._contacts[AT_ROOT + AT_EACH_FOLDER * len(self._folders) : -1]
        made = []
        for number in range(len(self._accounts), upto):
            account_id = f"2{number:015}"
            member = Member(
                account_id=account_id,
                folder_id=self._folders[number % len(self._folders)],
                display_name=f"account {number}",
                account_name=f"account{number}@{self.directory_id}.aliyunid.com",
                kind=Kind.RESOURCE,
                status="CreateSuccess",
                payer_account_id=None,
                joined_at=self._moment + number,
                modified_at=self._moment + number,
                placed_at=self._moment + number,
            )
            members.add(connection, self.directory_id, member)
            if number < len(spare):
                self._bind(connection, spare[number], account_id)
            made.append(account_id)
        return made

    def _bind(self, connection: Connection, contact_id: str, target_id: str) -> None:
        bindings.bind(connection, self.directory_id, contact_id, target_id, at=self._moment)
