"""Where the parts meet: settings to runtime, runtime to web app. The only file that knows them all."""

import asyncio
import secrets
import string
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TextIO

from starlette.routing import Router

# Importing the actions registers them.
import callboard.contacts.actions
import callboard.contacts.reads  # noqa: F401
from callboard.access import storage as access
from callboard.access.keyring import Keyring
from callboard.access.vault import Vault, load_master_key, new_master_key, read_master_key
from callboard.api.app import Api, Receive, Scope, Send
from callboard.call import Moment
from callboard.contacts import deletion
from callboard.database.engine import Database, open_database
from callboard.database.migrate import memory_schema, migrate
from callboard.errors import StartupError, Unavailable
from callboard.log import build_log, fault
from callboard.reference import web as reference
from callboard.runtime import Runtime
from callboard.settings import Settings

Web = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_METHODS = ("GET", "HEAD")
ID_ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 16
BACKGROUND_PERIOD_S = 1.0
NONCE_PERIOD_S = 60.0


def now() -> Moment:
    """The wall clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def new_id(prefix: str) -> str:
    """A new id that cannot be guessed, such as c-qL4HqKONzOM7abcd."""
    return prefix + "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def open_vault(settings: Settings) -> Vault:
    """The vault under the master key of the settings or the data folder; memory needs none that lasts."""
    if settings.master_key:
        return Vault(read_master_key(settings.master_key))
    if settings.url == "sqlite:///:memory:":
        return Vault(new_master_key())
    return Vault(load_master_key(settings.data_dir, create=True))


def open_migrated(settings: Settings) -> Database:
    """The database of the settings, at this version's schema."""
    if settings.url != "sqlite:///:memory:":
        migrate(settings.url)
        return open_database(settings)
    database = open_database(settings)
    database.run(_create_in_memory)
    return database


def _create_in_memory(connection: Any) -> None:
    for statement in memory_schema():
        connection.driver.execute(statement)


def build_runtime(
    settings: Settings, *, clock: Callable[[], Moment] = now, log_stream: TextIO | None = None
) -> tuple[Runtime, Vault]:
    """Everything that a process runs on. Raises StartupError with what to do."""
    log = build_log(settings, log_stream or sys.stderr)
    vault = open_vault(settings)
    database = open_migrated(settings)
    fingerprint = database.run(lambda open_: access.master_key_fingerprint(open_, vault.fingerprint))
    if fingerprint != vault.fingerprint:
        database.close()
        raise StartupError(
            "The database was made with another master key. Give this process the same one: copy master.key into "
            "its data folder, or set CALLBOARD_MASTER_KEY."
        )
    keyring = Keyring(database, vault, clock)
    runtime = Runtime(database=database, keyring=keyring, profile=settings.rules, clock=clock, new_id=new_id, log=log)
    return runtime, vault


def build_web(runtime: Runtime, settings: Settings) -> Web:
    """The web app: the API on /, and the pages for operators and developers beside it."""
    api = Api(runtime)

    @asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        tasks = _background(runtime) if settings.background else []
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(runtime.database.close)
        runtime.log.info("stopped")

    pages = Router(routes=reference.routes(runtime), default=api, lifespan=lifespan, redirect_slashes=False)

    async def web(scope: Scope, receive: Receive, send: Send) -> None:
        """The API's one path straight to the API; the search for a page would cost every call."""
        is_page = scope["type"] != "http" or (scope["path"] != "/" and scope["method"] in PAGE_METHODS)
        await (pages if is_page else api)(scope, receive, send)

    return web


def _background(runtime: Runtime) -> list["asyncio.Task[None]"]:
    """Work that no request waits for; several processes may do it side by side."""

    async def finish_deletions() -> None:
        done = await runtime.database.transact(lambda open_: deletion.finish_due(open_, now=runtime.clock()))
        if done:
            runtime.log.info("deletions_finished", contacts=done)

    async def clear_nonces() -> None:
        while await runtime.database.transact(lambda open_: access.clear_nonces(open_, now=runtime.clock())):
            pass  # A batch at a time, so that calls come in between.

    async def every(period_s: float, work: Callable[[], Any]) -> None:
        while True:
            await asyncio.sleep(period_s)
            try:
                await work()
            except Unavailable as error:
                runtime.log.warning("background_unavailable", work=work.__name__, reason=str(error))
            except Exception as error:
                runtime.log.error("background_failed", work=work.__name__, **fault(error))

    plan = ((BACKGROUND_PERIOD_S, finish_deletions), (NONCE_PERIOD_S, clear_nonces))
    return [asyncio.create_task(every(period_s, work)) for period_s, work in plan]
