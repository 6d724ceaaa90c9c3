"""Access keys with their secrets, ready to check signatures with; what was read is believed for a second."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

from callboard.access import storage
from callboard.access.vault import Vault
from callboard.call import Principal
from callboard.database.engine import Database
from callboard.settings.server import KEY_ID

LIFETIME_MS = 1000
"""How long a key is believed, so that a key disabled on one replica stops on every other one in this time."""
SIZE = 10_000

NOBODY = "no key has this secret, but a signature is computed all the same"


class AccessKey(Struct, frozen=True):
    """A key, its secret in clear (in memory only), and whom it stands for."""

    principal: Principal
    secret: str
    is_active: bool
    directory_id: str | None
    is_management: bool


class Keyring:
    """Finds access keys; unknown ids are remembered too, so that strangers cannot keep the database busy."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], int]) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._known: OrderedDict[str, tuple[int, AccessKey | None]] = OrderedDict()
        self._lookups: dict[str, asyncio.Task[AccessKey | None]] = {}

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
            lookup.add_done_callback(lambda _: self._lookups.pop(access_key_id, None))
        return await asyncio.shield(lookup)

    async def _look_up(self, access_key_id: str, now: int) -> AccessKey | None:
        stored = await self._database.transact(lambda open_: storage.find(open_, access_key_id), reads=True)
        key = None if stored is None else self._opened(stored)
        self._known[access_key_id] = (now, key)
        self._known.move_to_end(access_key_id)
        if len(self._known) > SIZE:
            self._known.popitem(last=False)
        return key

    def _opened(self, stored: storage.StoredKey) -> AccessKey:
        return AccessKey(
            principal=Principal(stored.account_id, stored.access_key_id, stored.user_name),
            secret=self._vault.decrypt(stored.secret, belongs_to=stored.access_key_id),
            is_active=bool(stored.is_active),
            directory_id=stored.directory_id,
            is_management=bool(stored.is_management),
        )
