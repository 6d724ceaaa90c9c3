"""Access keys with their secrets and rights, ready to check a call with; what was read is believed for a second."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from callboard.access import grants, sessions, storage
from callboard.access.policy import read_policy
from callboard.access.rules import NOBODYS, Grants, Policy
from callboard.access.vault import Vault
from callboard.call import Moment, Principal
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.settings.server import KEY_ID

LIFETIME_MS = 1000
"""How long a key is believed, so that a key disabled on one replica stops on every other one in this time."""
SIZE = 10_000

NOBODY = "no key has this secret, but a signature is computed all the same"


class AccessKey(Struct, frozen=True):
    """A key, its secret in clear (in memory only), whom it stands for, and what that one may do."""

    principal: Principal
    secret: str
    is_active: bool
    directory_id: str | None
    is_management: bool
    grants: Grants
    token_digest: bytes | None = None
    """Of the security token that goes with a temporary key."""
    expires_at: Moment | None = None


class Keyring:
    """Finds access keys; unknown ids are remembered too, so that strangers cannot keep the database busy."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], int]) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._known: OrderedDict[str, tuple[int, AccessKey | None]] = OrderedDict()
        self._lookups: dict[str, asyncio.Task[AccessKey | None]] = {}
        self._used: dict[str, Moment] = {}
        self._generation = 0

    async def find(self, access_key_id: str) -> AccessKey | None:
        """The key, or None when there is none of that id."""
        if KEY_ID.fullmatch(access_key_id) is None:  # No key has such an id, and no database need look for it.
            return None
        now = self._clock()
        known = self._known.get(access_key_id)
        if known is not None and 0 <= now - known[0] < LIFETIME_MS:
            return known[1]
        lookup = self._lookups.get(access_key_id)
        if lookup is None:  # Of many calls that miss the key at once, one reads it for all.
            lookup = asyncio.ensure_future(self._look_up(access_key_id, now))
            self._lookups[access_key_id] = lookup
            lookup.add_done_callback(lambda done: self._forget_lookup(access_key_id, done))
        return await asyncio.shield(lookup)

    def note_use(self, access_key_id: str) -> None:
        """Remember that a key was used now. Told to the database later: a call must not wait for its key's row."""
        self._used[access_key_id] = self._clock()

    async def tell_uses(self) -> None:
        """Tell the database when keys were last used."""
        used, self._used = self._used, {}
        if used:
            await self._database.transact(lambda open_: storage.touch(open_, used))

    def forget(self) -> None:
        """Believe nothing that was read so far: this process has changed who may do what."""
        self._generation += 1
        self._known.clear()
        self._lookups.clear()

    async def _look_up(self, access_key_id: str, now: int) -> AccessKey | None:
        generation = self._generation
        key = await self._database.transact(lambda open_: self._read(open_, access_key_id), reads=True)
        if generation == self._generation:
            self._known[access_key_id] = (now, key)
            self._known.move_to_end(access_key_id)
            if len(self._known) > SIZE:
                self._known.popitem(last=False)
        return key

    def _forget_lookup(self, access_key_id: str, done: "asyncio.Task[AccessKey | None]") -> None:
        if self._lookups.get(access_key_id) is done:
            del self._lookups[access_key_id]

    def _read(self, connection: Connection, access_key_id: str) -> AccessKey | None:
        if access_key_id.startswith(sessions.KEY_PREFIX):
            session = sessions.find(connection, access_key_id)
            return None if session is None else self._of_session(connection, session)
        stored = storage.find(connection, access_key_id)
        return None if stored is None else self._of_key(connection, stored)

    def _of_key(self, connection: Connection, stored: storage.StoredKey) -> AccessKey:
        found = Grants(is_root=True) if stored.user_name is None else NOBODYS
        if stored.user_id is not None:
            found = grants.of_entity(connection, stored.account_id, stored.user_id)
        return AccessKey(
            principal=Principal(
                stored.account_id,
                stored.access_key_id,
                stored.user_name,
                principal_id=stored.user_id or stored.account_id,
            ),
            secret=self._vault.decrypt(stored.secret, belongs_to=stored.access_key_id),
            is_active=bool(stored.is_active),
            directory_id=stored.directory_id,
            is_management=bool(stored.is_management),
            grants=found,
        )

    def _of_session(self, connection: Connection, session: sessions.StoredSession) -> AccessKey:
        found = grants.of_entity(connection, session.account_id, session.role_id)
        if session.policy is not None:
            found = replace(found, session=Policy("Session", "SessionPolicy", read_policy(session.policy)))
        return AccessKey(
            principal=Principal(
                session.account_id,
                session.access_key_id,
                role_name=session.role_name,
                session_name=session.session_name,
                principal_id=f"{session.role_id}:{session.session_name}",
            ),
            secret=self._vault.decrypt(session.secret, belongs_to=session.access_key_id),
            is_active=True,
            directory_id=session.directory_id,
            is_management=bool(session.is_management),
            grants=found,
            token_digest=bytes(session.token_digest),
            expires_at=session.expires_at,
        )
