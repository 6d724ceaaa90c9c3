"""Clients that change one directory through several servers at once, and the check of all that they were answered."""

import itertools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.e2e.processes import Caller
from tests.property.tree_world import World
from tests.signing import call_v3

TYPES = ("FaultMessage", "AccountExpenses")
OWN_VERSION = "2026-11-25"
EXPECTED = {
    "ConcurrentCallNotSupported",
    "ContactStatusMismatchAction",
    "DeleteConflict.Folder.Account",
    "DeleteConflict.Folder.SubFolder",
    "EntityNotExists.Contact",
    "EntityNotExists.Folder",
    "InvalidMember",
    "InvalidParameter.Folder.Name.AlreadyUsed",
    "LimitExceeded.ContactMembers",
    "QuotaExceeded.Folder.Count",
}
"""What may be answered to calls that were right when they were begun."""

State = dict[tuple[str, str], frozenset[str]]


@dataclass
class Deed:
    """One call: when it was sent and answered, on a clock that all clients share."""

    action: str
    values: dict[str, Any]
    sent: int
    answered: int = 0
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        return self.status == 200

    @property
    def request_id(self) -> str:
        return str(self.answer["RequestId"])


class Racer:
    """One client, which goes from server to server."""

    def __init__(
        self, number: int, callers: Sequence[Caller], clock: "itertools.count[int]", names: dict[str, list[str]]
    ) -> None:
        self._callers = itertools.cycle(callers[number % len(callers) :] + callers[: number % len(callers)])
        self._clock, self._names = clock, names
        self._random = random.Random(number)
        self.deeds: list[Deed] = []

    def run(self, *, number: int, until: float = 0.0) -> None:
        """So many calls, and more until a moment of the monotonic clock."""
        while len(self.deeds) < number or time.monotonic() < until:
            self._random.choices(
                [self._move, self._bind, self._unbind, self._delete, self._folder, self._read], [4, 4, 4, 0.2, 1, 6]
            )[0]()

    def _move(self) -> None:
        self._do("MoveAccount", AccountId=self._one("accounts"), DestinationFolderId=self._one("folders"))

    def _bind(self) -> None:
        self._do("AssociateMembers", ContactId=self._one("contacts"), **self._targets())

    def _unbind(self) -> None:
        self._do("DisassociateMembers", ContactId=self._one("contacts"), **self._targets())

    def _delete(self) -> None:
        kept = self._random.choice(["true", "false"])
        self._do("DeleteMessageContact", ContactId=self._one("contacts"), RetainContactInMembers=kept)

    def _folder(self) -> None:
        """Folders come and go below the others: what is bound to them goes with them."""
        if len(self._names["passing"]) > 3 and self._random.random() < 0.6:
            self._do("DeleteFolder", FolderId=self._one("passing"))
            return
        name = f"p{self._random.randrange(10**9)}"
        made = self._do("CreateFolder", ParentFolderId=self._one("folders"), FolderName=name)
        if made.is_done:
            self._names["passing"].append(made.answer["Folder"]["FolderId"])

    def _read(self) -> None:
        self._do(
            "ListRecipients",
            version=OWN_VERSION,
            AccountId=self._one("accounts"),
            MessageType=self._random.choice(TYPES),
        )

    def _one(self, kind: str) -> str:
        return self._random.choice(self._names[kind])

    def _targets(self) -> dict[str, str]:
        known = [*self._names["accounts"], *self._names["folders"], *self._names["passing"][-6:]]
        return {
            f"Members.{number}": each
            for number, each in enumerate(self._random.sample(known, self._random.choice([1, 1, 2])), 1)
        }

    def _do(self, action: str, *, version: str = "2022-04-19", **values: Any) -> Deed:
        deed = Deed(action, values, sent=next(self._clock))
        self.deeds.append(deed)
        found = call_v3(next(self._callers), action, values, version=version)
        deed.answered, deed.status, deed.answer = next(self._clock), found.status, found.json
        return deed


class Replay:
    """The changes in the order in which they were made, and every state that the directory has been in."""

    def __init__(self, world: World, accounts: Sequence[str]) -> None:
        self._world, self._accounts = world, accounts
        self.states: list[State] = [self._state()]
        self.deeds: list[Deed | None] = []
        """What led to each state but the first; None for what the background did."""

    def add(self, deed: Deed | None, contact_id: str = "") -> None:
        self._world.tasks = []  # What they hold back was refused already.
        refusal = self._world.finish_one(contact_id) if deed is None else self._STEPS[deed.action](self, deed)
        assert refusal is None, (deed, refusal)
        self.deeds.append(deed)
        self.states.append(self._state())

    def check_order(self) -> None:
        """Nothing was made before something that had been acknowledged when it was sent."""
        latest_sent = -1
        for deed in self.deeds:
            if deed is not None:
                assert deed.answered > latest_sent
                latest_sent = max(latest_sent, deed.sent)

    def check_read(self, read: Deed) -> None:
        """What was read is what stood in a state that there was between the call and its answer."""
        known = [index for index, deed in enumerate(self.deeds, 1) if deed is not None and deed.answered < read.sent]
        later = [index for index, deed in enumerate(self.deeds, 1) if deed is not None and deed.sent > read.answered]
        first, last = max(known, default=0), min(later, default=len(self.states)) - 1
        found = frozenset(each["ContactId"] for each in read.answer["Recipients"])
        key = (read.values["AccountId"], read.values["MessageType"])
        assert found in {state[key] for state in self.states[first : last + 1]}, (read, first, last)

    def _state(self) -> State:
        return {
            (account_id, each): frozenset(self._world.told(account_id, each) or ())
            for account_id in self._accounts
            for each in TYPES
        }

    def _move(self, deed: Deed) -> str | None:
        return self._world.move(deed.values["AccountId"], deed.values["DestinationFolderId"], at=0)

    def _bind(self, deed: Deed) -> str | None:
        return self._world.bind(deed.values["ContactId"], _members(deed), at=0)

    def _unbind(self, deed: Deed) -> str | None:
        return self._world.unbind(deed.values["ContactId"], _members(deed), at=0)

    def _delete(self, deed: Deed) -> str | None:
        is_kept = deed.values["RetainContactInMembers"] == "true"
        return self._world.delete(deed.values["ContactId"], is_kept=is_kept, at=0)

    def _create_folder(self, deed: Deed) -> str | None:
        folder_id = deed.answer["Folder"]["FolderId"]
        return self._world.create_folder(folder_id, deed.values["ParentFolderId"], deed.values["FolderName"], at=0)

    def _delete_folder(self, deed: Deed) -> str | None:
        return self._world.delete_folder(deed.values["FolderId"], at=0)

    _STEPS: ClassVar[dict[str, Callable[["Replay", Deed], str | None]]] = {
        "MoveAccount": _move,
        "AssociateMembers": _bind,
        "DisassociateMembers": _unbind,
        "DeleteMessageContact": _delete,
        "CreateFolder": _create_folder,
        "DeleteFolder": _delete_folder,
    }


def _members(deed: Deed) -> list[str]:
    return [value for name, value in deed.values.items() if name.startswith("Members.")]
