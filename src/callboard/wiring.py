"""Where the parts meet: settings to runtime, runtime to web app and worker. The only file that knows them all."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, TextIO

from starlette.routing import Router

# Importing the actions registers them.
import callboard.access.actions
import callboard.audit.actions
import callboard.contacts.actions
import callboard.contacts.associations
import callboard.contacts.reads
import callboard.contacts.release
import callboard.directory.accounts.actions
import callboard.directory.accounts.deletion
import callboard.directory.accounts.older
import callboard.directory.accounts.payers
import callboard.directory.accounts.reads
import callboard.directory.directories
import callboard.directory.folders.actions
import callboard.directory.folders.reads
import callboard.directory.switches
import callboard.directory.tags
import callboard.drills.actions
import callboard.drills.results
import callboard.endpoints.actions
import callboard.endpoints.keys
import callboard.messages.actions
import callboard.messages.batch
import callboard.messages.outcomes
import callboard.messages.replies.acknowledging
import callboard.messages.trials
import callboard.messages.wordings.actions
import callboard.messages.wordings.reads
import callboard.preferences.actions
import callboard.preferences.subscriptions
import callboard.ram.policies.actions
import callboard.ram.policies.attached
import callboard.ram.policies.attachments
import callboard.ram.policies.roles
import callboard.ram.policies.versions
import callboard.ram.users.actions
import callboard.ram.users.groups
import callboard.ram.users.keys
import callboard.ram.users.logons
import callboard.ram.users.members
import callboard.receipts.actions
import callboard.recipients.actions
import callboard.sts.actions
import callboard.verification.actions  # noqa: F401
from callboard import background
from callboard.access import key_file
from callboard.access import storage as access
from callboard.access.keyring import Keyring
from callboard.access.minting import KEY_ALPHABET, random_text
from callboard.access.throttle import FLUSH_S, Throttle
from callboard.access.vault import Vault, load_master_key, new_master_key, read_master_key
from callboard.api.app import Api, Receive, Scope, Send
from callboard.clock import MovableClock, wall_clock
from callboard.database.engine import Database, open_database
from callboard.database.migrate import memory_schema, migrate
from callboard.delivery.lane import Parts
from callboard.delivery.letter import Channel
from callboard.delivery.rules import Pace
from callboard.delivery.senders import open_senders
from callboard.delivery.worker import Worker
from callboard.errors import KeyReplaced, StartupError
from callboard.line import Line
from callboard.log import build_log
from callboard.messages import writing
from callboard.metrics import Metrics
from callboard.receipts.desk import Desk
from callboard.receipts.listener import Listener
from callboard.receipts.maildir import Maildir
from callboard.runtime import Runtime
from callboard.settings import Settings
from callboard.traces import open_traces
from callboard.web import confirmation, controls, health, mailbox, message_links, receipts, reference

Web = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_METHODS = ("GET", "HEAD")
ID_LENGTH = 16


def new_id(prefix: str) -> str:
    """A new id that cannot be guessed, such as c-qL4HqKONzOM7abcd."""
    return prefix + random_text(KEY_ALPHABET, ID_LENGTH)


def open_vault(settings: Settings) -> Vault:
    """The vault under the master key of the settings or the data folder; memory needs none that lasts."""
    if settings.master_key:
        return Vault(read_master_key(settings.master_key))
    if settings.url == "sqlite:///:memory:":
        return Vault(new_master_key())
    return Vault(load_master_key(settings.data_dir, create=True))


def unlock(database: Database, vault: Vault, settings: Settings) -> Vault:
    """The vault that opens the secrets of this database, which from now on serves nobody else. Raises StartupError."""
    fingerprint = database.run(lambda open_: access.master_key_fingerprint(open_, vault.fingerprint))
    if fingerprint != vault.fingerprint:
        found = None if settings.master_key else key_file.in_force(settings.data_dir, fingerprint)
        if found is None:
            raise StartupError(
                "The database was made with another master key. Give this process the same one: copy master.key into "
                "its data folder, or set CALLBOARD_MASTER_KEY."
            )
        vault = found
    database.expect(vault.fingerprint)
    try:
        kept = database.run(access.digest_key)
    except KeyReplaced as error:
        raise StartupError("The master key is being replaced just now: start again.") from error
    return vault if kept is None else vault.with_digest_key(kept)


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


def build_runtime(settings: Settings, *, address: str = "", log_stream: TextIO | None = None) -> Runtime:
    """Everything that a process runs on; `address` is where the server listens. Raises StartupError."""
    log = build_log(settings, log_stream or sys.stderr)
    traces = open_traces(settings)
    vault = open_vault(settings)
    database = open_migrated(settings)
    try:
        vault = unlock(database, vault, settings)
    except StartupError:
        database.close()
        raise
    return Runtime(
        database=database,
        vault=vault,
        keyring=Keyring(database, vault, wall_clock),
        profile=settings.rules,
        terms=settings.terms_at(address),
        clock=MovableClock(),
        wall_clock=wall_clock,
        new_id=new_id,
        log=log,
        metrics=Metrics(),
        callers=Line(),
        strangers=Line(),
        throttle=Throttle(
            database,
            wall_clock,
            per_principal=settings.calls_per_minute,
            per_action=settings.calls_per_minute_and_action,
        ),
        takes_bearer_keys=settings.bearer_keys,
        traces=traces,
    )


def build_worker(runtime: Runtime, settings: Settings) -> Worker:
    """The worker that delivers letters by the providers of the settings. Raises StartupError."""
    parts = Parts(
        database=runtime.database,
        vault=runtime.vault,
        written=lambda connection, letters: writing.written(connection, runtime.vault, runtime.terms, letters),
        pace=Pace(
            attempts=settings.outbox_attempts,
            backoff_ms=settings.outbox_backoff_s * 1000,
            backoff_limit_ms=settings.outbox_backoff_limit_s * 1000,
            lease_ms=settings.outbox_lease_s * 1000,
        ),
        concurrency=settings.outbox_concurrency,
        keeps_content=settings.test_controls,
        clock=runtime.clock,
        log=runtime.log,
        metrics=runtime.metrics,
        traces=runtime.traces,
    )
    rates = {Channel.EMAIL: settings.email_per_second, Channel.SMS: settings.sms_per_second}
    return Worker(parts, open_senders(settings), rates=rates)


class Inbound:
    """The ways by which mails come back to this process. Raises StartupError."""

    def __init__(self, runtime: Runtime, settings: Settings) -> None:
        self.desk = Desk(
            database=runtime.database,
            own_call=runtime.own_call,
            clock=runtime.clock,
            metrics=runtime.metrics,
            log=runtime.log,
        )
        self._log = runtime.log
        self._maildir = Maildir(settings.bounce_maildir) if settings.bounce_maildir else None
        self.listener = Listener(settings) if settings.bounce_listen else None

    @property
    def emptied(self) -> Callable[[], Awaitable[None]] | None:
        """The work that takes in what lies in the Maildir, if there is one."""
        maildir = self._maildir
        return None if maildir is None else lambda: maildir.empty(self.desk, self._log)

    def listening(self) -> AbstractAsyncContextManager[None]:
        return self.listener.open(self.desk, self._log) if self.listener else nullcontext()


def build_web(runtime: Runtime, settings: Settings) -> Web:
    """The web app: the API on /, and the pages for people, operators and developers beside it."""
    api = Api(runtime)
    worker = build_worker(runtime, settings) if settings.worker else None
    inbound = Inbound(runtime, settings)

    @asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        async with background.repeating(runtime, tell, FLUSH_S), working(runtime, settings, inbound, worker):
            yield
        await asyncio.to_thread(runtime.database.close)
        await asyncio.to_thread(runtime.traces.close)
        runtime.log.info("stopped")

    async def tell() -> None:
        """What this process has counted of its calls: how many, and with which keys."""
        await runtime.throttle.flush()
        await runtime.keyring.tell_uses()

    routes = [*health.routes(runtime), *reference.routes()]
    routes += [*confirmation.routes(runtime), *message_links.routes(runtime)]
    if runtime.terms.kept_channels:
        routes += mailbox.routes(runtime, is_open=settings.mailbox)
    if settings.test_controls:
        routes += controls.routes(runtime)
    if settings.receipts_token:
        routes += receipts.routes(inbound.desk, settings.receipts_token)
    pages = Router(routes=routes, default=api, lifespan=lifespan, redirect_slashes=False)
    posted = (
        *confirmation.PREFIXES,
        *message_links.PREFIXES,
        *((controls.PREFIX,) if settings.test_controls else ()),
        *((receipts.PREFIX,) if settings.receipts_token else ()),
    )

    async def web(scope: Scope, receive: Receive, send: Send) -> None:
        """The API's one path straight to the API; the search for a page would cost every call."""
        is_page = scope["type"] != "http" or (
            scope["path"] != "/" and (scope["method"] in PAGE_METHODS or scope["path"].startswith(posted))
        )
        await (pages if is_page else api)(scope, receive, send)

    return web


@asynccontextmanager
async def working(runtime: Runtime, settings: Settings, inbound: Inbound, worker: Worker | None) -> AsyncIterator[None]:
    """Background work and the worker's, for as long as the block lasts; then letters in hand are finished."""
    tasks = []
    if settings.background:
        tasks = background.start(runtime, history_days=settings.history_days, empty_maildir=inbound.emptied)
    delivery = asyncio.create_task(worker.run()) if worker else None
    async with inbound.listening():
        yield
    for task in tasks:
        task.cancel()
    if worker and delivery:
        worker.stop()
        await asyncio.wait([delivery], timeout=settings.stop_timeout_s)
        delivery.cancel()  # What is still in hand is due again when its lease ends.
        tasks.append(delivery)
    await asyncio.gather(*tasks, return_exceptions=True)
