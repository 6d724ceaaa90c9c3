"""The product as the tree's machine uses it: actions by name, with parameters as they arrive on the wire."""

from typing import Any

import msgspec

from callboard.api.decode import decode
from callboard.api.model import ACTIONS
from callboard.clock import write_moment
from callboard.contacts import deletion, membership
from callboard.database.statement import Connection
from callboard.tree import members
from tests.property.site import Site, refusal_of

VERSION, OWN_VERSION = "2022-04-19", "2026-11-25"


class TreeSite(Site):
    """A site whose every action can be asked for: an answer as it stands on the wire, a refusal as status and code."""

    def call(self, name: str, *, version: str = VERSION, **values: Any) -> Any:
        action = ACTIONS[version, name]
        try:
            asked = decode(action, values, self._runtime.profile)
        except Exception as refusal:
            found = refusal_of(refusal)
            if found is None:
                raise
            return found
        reply = self._called(0, action.handle, asked)
        return refusal_of(reply) or msgspec.to_builtins(reply)

    def refusal(self, name: str, *, version: str = VERSION, **values: Any) -> str | None:
        """What an action is refused with; None when it is done."""
        found = self.call(name, version=version, **values)
        return found if isinstance(found, str) else None

    def told(self, account_id: str, message_type: str, *, as_of: int | None = None, **what_if: Any) -> Any:
        """Who is told, as a set of ids, or the refusal."""
        moment = {} if as_of is None else {"AsOf": write_moment(as_of)}
        values = {"AccountId": account_id, "MessageType": message_type, **moment, **what_if}
        found = self.call("ListRecipients", version=OWN_VERSION, **values)
        return found if isinstance(found, str) else {each["ContactId"] for each in found["Recipients"]}

    def prove(self, contact_id: str, email: str) -> None:
        """Let the owner of an email address confirm it."""
        assert self.send(0, contact_id, email, None) is None
        (letter,) = [content for to, content in self.letters_of_now(email) if to == email]
        assert self.confirm(letter.link.rpartition("/v/")[2]) == "confirmed"

    def finish(self) -> None:
        """What the background does."""

        def work(connection: Connection) -> None:
            membership.finish_unbinding(connection)
            while deletion.finish_due(connection, now=self.now):
                continue

        self._run(work)

    def placed_in(self, account_id: str) -> str | None:
        """The folder that a member is in."""
        directory_id = self._directories[0].directory_id
        found = self._run(lambda open_: members.find(open_, directory_id, account_id))
        return None if found is None else str(found.folder_id)
