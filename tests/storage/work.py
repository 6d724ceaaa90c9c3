"""Small pieces of work for the engine, in the words of the product's own storage functions."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from callboard.access import storage as access
from callboard.access.vault import Vault, new_master_key
from callboard.call import Call, Principal
from callboard.database.engine import Database
from callboard.database.statement import Connection
from callboard.errors import ApiError
from callboard.profile import ALIBABA
from callboard.settings import Settings
from callboard.tree import directories
from callboard.tree.directories import Directory

NOW = 1_700_000_000_000
VAULT = Vault(new_master_key())
ROOT = Principal("1234", "LTAIkey")


class NonceUsed(ApiError):
    """The nonce was used before."""

    code = "NonceUsed"


def call(
    connection: Connection,
    directory_id: str,
    *,
    now: int = NOW,
    principal: Principal = ROOT,
    source_address: str | None = None,
) -> Call:
    """A call of a root key, with the settings' defaults."""
    return Call(
        connection=connection,
        now=now,
        request_id=f"REQUEST-{now}",
        principal=principal,
        directory_id=directory_id,
        profile=ALIBABA,
        terms=Settings().terms_at("http://127.0.0.1:8422"),
        vault=VAULT,
        new_id=lambda prefix: prefix,
        source_address=source_address,
    )


def add(account_id: str) -> Callable[[Connection], str]:
    """Add an account, whose id is the result."""

    def work(connection: Connection) -> str:
        directories.add_account(connection, account_id, directory_id=None, is_management=False, now=NOW)
        return account_id

    return work


def add_and_fail(account_id: str, error: Exception) -> Callable[[Connection], str]:
    """Add an account, then raise."""

    def work(connection: Connection) -> str:
        add(account_id)(connection)
        raise error

    return work


def use(nonce: bytes) -> Callable[[Connection], None]:
    """Use a nonce up, or raise NonceUsed."""

    def work(connection: Connection) -> None:
        if not access.use_nonce(connection, nonce, expires_at=NOW):
            raise NonceUsed

    return work


def are_there(database: Database, account_ids: Iterable[str]) -> list[bool]:
    """Which of the accounts the database holds."""
    ids = list(account_ids)
    return database.run(lambda connection: [directories.has_account(connection, each) for each in ids])


def add_directory(database: Database, number: int = 1) -> Directory:
    """A directory with its management account."""
    at = NOW + number
    made = Directory(f"rd-{number:06}", f"r-{number:06}", f"{number:016}", at)

    def work(connection: Connection) -> None:
        directories.add_account(
            connection, made.management_account_id, directory_id=made.directory_id, is_management=True, now=at
        )
        directories.add(connection, made)

    database.run(work)
    return made


def together(database: Database, works: Iterable[Callable[[Connection], Any]], **options: Any) -> list[Any]:
    """Run the works at the same time; each one's result, or what it raised."""

    async def main() -> list[Any]:
        calls = [database.transact(work, **options) for work in works]
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(main())
