"""A directory and its contacts as plainly as they can be thought: every answer is worked out anew from everything.

Nothing here knows how the product keeps its bindings: who keeps a contact is written down account by account, and the
past is a pile of copies. What is asked of the model comes back as the status and code of a refusal, or as None.
"""

from copy import deepcopy
from typing import Any

GONE = "404 EntityNotExists.Contact"
MISMATCH = "400 ContactStatusMismatchAction"
BUSY = "429 ConcurrentCallNotSupported"
NO_TARGET = "400 InvalidMember"
TOO_MANY_TARGETS = "400 LimitExceeded.ContactMembers"
NO_ACCOUNT = "404 EntityNotExists.Account"
NO_FOLDER = "404 EntityNotExists.Folder"
NAME_TAKEN = "400 InvalidParameter.Folder.Name.AlreadyUsed"
TOO_DEEP = "409 LimitExceeded.Folder.Depth"
HAS_FOLDERS = "409 DeleteConflict.Folder.SubFolder"
HAS_MEMBERS = "409 DeleteConflict.Folder.Account"
NOT_REMOVABLE = "409 AccountTypeOrStatusMismatch"

LEVELS = 5

Thing = dict[str, Any]


class World:
    """One directory. `shape` is what changes of the tree and of bindings make; contacts have a life besides."""

    def __init__(self, directory_id: str, root_id: str, *, leavers_keep: bool, most_targets: int, at: int) -> None:
        self.directory_id, self.root_id = directory_id, root_id
        self.leavers_keep, self.most_targets = leavers_keep, most_targets
        self.changed_at = at
        self.shape: Thing = {"folders": {root_id: {"parent": None, "name": "root"}}, "members": {}, "bound": []}
        self.shape |= {"kept": {}, "former": []}
        self.contacts: dict[str, Thing] = {}
        self.tasks: list[tuple[str, str]] = []
        self.kinds: dict[str, str] = {}
        self.shapes: list[tuple[int, Thing]] = [(at, deepcopy(self.shape))]
        self.lives: list[tuple[int, Thing]] = []

    # The tree.

    def create_folder(self, folder_id: str, parent_id: str, name: str, *, at: int) -> str | None:
        if parent_id not in self.shape["folders"]:
            return NO_FOLDER
        if name in [each["name"] for each in self.shape["folders"].values() if each["parent"] == parent_id]:
            return NAME_TAKEN
        if len(self._above(parent_id)) > LEVELS:
            return TOO_DEEP
        self.shape["folders"][folder_id] = {"parent": parent_id, "name": name}
        self._changed(at)
        return None

    def delete_folder(self, folder_id: str, *, at: int) -> str | None:
        if folder_id not in self.shape["folders"]:
            return NO_FOLDER
        if any(each["parent"] == folder_id for each in self.shape["folders"].values()):
            return HAS_FOLDERS
        if folder_id in self.shape["members"].values():
            return HAS_MEMBERS
        del self.shape["folders"][folder_id]
        self.shape["bound"] = [each for each in self.shape["bound"] if each[1] != folder_id]
        self._changed(at)
        return None

    def create_account(self, account_id: str, folder_id: str, *, at: int) -> str | None:
        if folder_id not in self.shape["folders"]:
            return NO_FOLDER
        self.shape["members"][account_id] = folder_id
        self.kinds[account_id] = "ResourceAccount"
        self._changed(at)
        return None

    def make_cloud_account(self, account_id: str) -> str | None:
        if account_id not in self.shape["members"]:
            return NO_ACCOUNT
        self.kinds[account_id] = "CloudAccount"
        return None

    def move(self, account_id: str, folder_id: str, *, at: int) -> str | None:
        if account_id not in self.shape["members"]:
            return NO_ACCOUNT
        if folder_id not in self.shape["folders"]:
            return NO_FOLDER
        if self.shape["members"][account_id] == folder_id:
            return None
        crossed = [*self.scopes(account_id), *self._scopes_of_folder(folder_id)]
        if any(target in crossed for _, target in self.tasks):
            return BUSY
        self.shape["members"][account_id] = folder_id
        self._changed(at)
        return None

    def remove(self, account_id: str, *, at: int) -> str | None:
        if account_id not in self.shape["members"]:
            return NO_ACCOUNT
        if self.kinds[account_id] != "CloudAccount":
            return NOT_REMOVABLE
        if self.leavers_keep:
            for contact_id in self._bound_to(account_id):
                self._keep(account_id, contact_id, "Left")
        else:
            self.shape["kept"].pop(account_id, None)
        del self.shape["members"][account_id]
        self.shape["former"].append(account_id)
        self.shape["bound"] = [each for each in self.shape["bound"] if each[1] != account_id]
        self._changed(at)
        return None

    # Contacts.

    def add(self, contact_id: str, types: list[str], *, at: int) -> None:
        self.contacts[contact_id] = {"id": contact_id, "types": types, "is_proven": False, "status": "Verifying"}
        self._lived(contact_id, at)

    def prove(self, contact_id: str, *, at: int) -> None:
        contact = self.contacts[contact_id]
        if contact["status"] == "Verifying":
            contact |= {"is_proven": True, "status": "Active"}
            self._lived(contact_id, at)

    def update(self, contact_id: str, types: list[str], *, at: int) -> str | None:
        contact = self.contacts[contact_id]
        if contact["status"] in ("Gone", "Deleting"):
            return GONE if contact["status"] == "Gone" else MISMATCH
        contact["types"] = types
        self._lived(contact_id, at)
        return None

    def bind(self, contact_id: str, targets: list[str], *, at: int) -> str | None:
        refusal, found = self._targets(contact_id, targets)
        if refusal:
            return refusal
        if any((contact_id, target) in self.tasks for target in found):
            return BUSY
        new = [target for target in found if (contact_id, target) not in self.shape["bound"]]
        if len(self._targets_of(contact_id)) + len(new) > self.most_targets:
            return TOO_MANY_TARGETS
        self.shape["bound"] += [(contact_id, target) for target in new]
        self._changed(at)
        return None

    def unbind(self, contact_id: str, targets: list[str], *, at: int) -> str | None:
        refusal, found = self._targets(contact_id, targets)
        if refusal:
            return refusal
        for target in found:
            if (contact_id, target) in self.shape["bound"]:
                self.shape["bound"].remove((contact_id, target))
                if self.leavers_keep and target not in self.shape["members"]:
                    self.tasks.append((contact_id, target))
        self._changed(at)
        return None

    def delete(self, contact_id: str, *, is_kept: bool, at: int) -> str | None:
        contact = self.contacts[contact_id]
        if contact["status"] in ("Gone", "Deleting"):
            return GONE if contact["status"] == "Gone" else BUSY
        if not is_kept:
            contact |= {"former": contact["status"], "status": "Deleting", "asked_at": at}
            self._changed(at)
            self._lived(contact_id, at)
            return None
        for account_id in self.shape["members"]:
            for target in self._targets_of(contact_id):
                if contact["is_proven"] and target in self.scopes(account_id):
                    self._keep(account_id, contact_id, "Deleted")
        self._go(contact_id, at)
        return None

    def finish(self, *, at: int) -> None:
        """What the background does: deletions, oldest first, and unbind tasks."""
        self.tasks = []
        due = [each for each in self.contacts.values() if each["status"] == "Deleting"]
        for contact in sorted(due, key=lambda each: int(each["asked_at"])):
            self.finish_one(contact["id"], at=at)

    def finish_one(self, contact_id: str, *, at: int = 0) -> None:
        """A deletion: it fails where somebody would be left without anybody."""
        contact = self.contacts[contact_id]
        contact["losses"] = self._losses(contact_id)
        if contact["losses"]:
            contact["status"] = contact["former"]
            self._changed(at)
            self._lived(contact_id, at)
        else:  # Out of everything: of what members kept that have left, too.
            for account_id, kept in self.shape["kept"].items():
                self.shape["kept"][account_id] = [each for each in kept if each["id"] != contact_id]
            self._go(contact_id, at)

    # Answers.

    def scopes(self, account_id: str, shape: Thing | None = None) -> list[str]:
        """The account, the folders above it, and the directory."""
        shape = shape or self.shape
        return [account_id, *self._scopes_of_folder(shape["members"][account_id], shape)]

    def told(self, account_id: str, message_type: str, *, at: int | None = None) -> set[str] | None:
        """Who is told; None for an account that was never there."""
        shape, contacts = (self.shape, self.contacts) if at is None else self._past(at)
        if account_id not in shape["members"] and account_id not in shape["former"]:
            return None
        kept = {each["id"] for each in shape["kept"].get(account_id, []) if message_type in each["types"]}
        bound = {
            contact_id
            for contact_id in self._bound_to(account_id, shape)
            if contacts[contact_id]["is_proven"] and message_type in contacts[contact_id]["types"]
        }
        return kept | bound

    def bound_ways(self, account_id: str) -> set[tuple[str, str]]:
        """Every way in which a contact that is not only kept is in effect for a member."""
        return {each for each in self.shape["bound"] if each[1] in self.scopes(account_id)}

    def _bound_to(self, account_id: str, shape: Thing | None = None) -> set[str]:
        shape = shape or self.shape
        if account_id not in shape["members"]:
            return set()
        scopes = self.scopes(account_id, shape)
        return {contact_id for contact_id, target in shape["bound"] if target in scopes}

    def _losses(self, contact_id: str) -> dict[str, list[str]]:
        """Per member, the types of which the contact is the last one that is told."""
        contact = self.contacts[contact_id]
        found = {}
        for account_id in self.shape["members"]:
            if contact["is_proven"] and contact_id in self._bound_to(account_id):
                lost = [each for each in contact["types"] if self.told(account_id, each) == {contact_id}]
                if lost:
                    found[account_id] = sorted(lost)
        return found

    def _past(self, at: int) -> tuple[Thing, dict[str, Thing]]:
        shape = [each for moment, each in self.shapes if moment <= at][-1]
        contacts = {each["id"]: each for moment, each in self.lives if moment <= at}
        return shape, contacts

    def _targets(self, contact_id: str, targets: list[str]) -> tuple[str | None, list[str]]:
        contact = self.contacts[contact_id]
        if contact["status"] == "Gone":
            return GONE, []
        if contact["status"] == "Deleting":
            return MISMATCH, []
        found = [self.directory_id if target == self.root_id else target for target in targets]
        known = {self.directory_id, *self.shape["folders"], *self.shape["members"]}
        return (None if set(found) <= known else NO_TARGET), found

    def _targets_of(self, contact_id: str) -> list[str]:
        return [target for each, target in self.shape["bound"] if each == contact_id]

    def _keep(self, account_id: str, contact_id: str, cause: str) -> None:
        contact = self.contacts[contact_id]
        if contact["is_proven"]:
            copy = {"id": contact_id, "types": list(contact["types"]), "cause": cause}
            self.shape["kept"].setdefault(account_id, []).append(copy)

    def _go(self, contact_id: str, at: int) -> None:
        self.contacts[contact_id]["status"] = "Gone"
        self.shape["bound"] = [each for each in self.shape["bound"] if each[0] != contact_id]
        self._changed(at)

    def _above(self, folder_id: str, shape: Thing | None = None) -> list[str]:
        """The folder and those above it, the root last."""
        folders = (shape or self.shape)["folders"]
        parent = folders[folder_id]["parent"]
        return [folder_id, *(self._above(parent, shape) if parent else [])]

    def _scopes_of_folder(self, folder_id: str, shape: Thing | None = None) -> list[str]:
        return [*self._above(folder_id, shape)[:-1], self.directory_id]

    def _changed(self, at: int) -> None:
        """Changes of the tree and of bindings have moments that grow, also when clocks do not."""
        self.changed_at = max(at, self.changed_at + 1)
        self.shapes.append((self.changed_at, deepcopy(self.shape)))

    def _lived(self, contact_id: str, at: int) -> None:
        self.lives.append((at, deepcopy(self.contacts[contact_id])))
