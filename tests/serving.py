"""A real server on a real port, in a thread of the test process, and accounts of its own for each test."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
import uvloop
from alibabacloud_resourcedirectorymaster20220419.client import Client
from alibabacloud_tea_openapi.models import Config

from callboard import provision
from callboard.access import storage as access
from callboard.api.protocol import Protocol
from callboard.clock import wall_clock as now
from callboard.database.statement import Connection
from callboard.runtime import Runtime
from callboard.serve import link_address, listen
from callboard.settings import Settings
from callboard.wiring import build_runtime, build_web

LOG = io.StringIO()
"""What every server of this test process has logged since the test began."""


@dataclass(frozen=True)
class Server:
    """A running server; `run` looks into its database, or changes it behind its back."""

    endpoint: str
    runtime: Runtime
    settings: Settings

    def run(self, work: Callable[[Connection], Any]) -> Any:
        return self.runtime.database.run(work)

    def account(self) -> "Account":
        """A new management account with a directory and a root key of its own."""
        account_id = self.run(lambda connection: provision.add_directory(connection, now=now()))
        return self.key(account_id)

    def key(self, account_id: str, user_name: str | None = None) -> "Account":
        """A new access key of an account."""
        made = self.run(
            lambda connection: provision.add_key(
                connection, self.runtime.vault, account_id, user_name=user_name, now=now()
            )
        )
        return Account(self, account_id, made.access_key_id, made.secret)


@dataclass(frozen=True)
class Account:
    """An access key of an account on a server."""

    server: Server
    account_id: str
    key_id: str
    secret: str

    @property
    def directory_id(self) -> str:
        key = self.server.run(lambda connection: access.find(connection, self.key_id))
        assert key.directory_id is not None
        return str(key.directory_id)

    def client(self, **options: Any) -> Client:
        """The official SDK's client, with nothing changed but endpoint, protocol and key."""
        return Client(
            Config(
                access_key_id=self.key_id,
                access_key_secret=self.secret,
                endpoint=self.server.endpoint,
                protocol="http",
                **options,
            )
        )


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """Serve until the block ends; then stop gracefully."""
    listener = listen(settings)
    runtime = build_runtime(settings, address=link_address(settings, listener), log_stream=LOG)
    provision.provision(runtime.database, runtime.vault, settings, now=now())
    config = uvicorn.Config(
        build_web(runtime, settings), http=Protocol, lifespan="on", access_log=False, log_config=None
    )
    server = uvicorn.Server(config)
    # The product's own event loop; asyncio's would leave each answer to wait for a delayed acknowledgement.
    thread = threading.Thread(target=lambda: uvloop.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    host, port = listener.getsockname()[:2]
    try:
        yield Server(f"{host}:{port}", runtime, settings)
    finally:
        server.should_exit = True
        thread.join()
