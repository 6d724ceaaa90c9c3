"""What is measured: the no-op server and the product on a database, started, prepared and put under load."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import loading
from loading import Load
from processes import HOST, READY, BenchmarkError, Cores, Server, call, free_port, start
from traffic import Signer, contact, updates, write_requests

CONTACTS = 20
NOOP_REQUESTS = 1000
WARM_UP_CONNECTIONS = 16
WARM_UP_S = 1.0
WARM_UP_REQUESTS = 20_000
# Requests are signed for this much more than the fastest run so far, so that a faster run does not end early.
HEADROOM = 1.5


@dataclass(frozen=True)
class Noop:
    """The bare ASGI application; it receives the product's requests, over and over."""

    server: Server
    requests: Path
    cores: Cores

    def load(self, connections: int, seconds: float) -> Load:
        client = self.cores.client
        return loading.run(
            self.server, self.requests, connections=connections, seconds=seconds, cores=client, cycles=True
        )


def start_noop(folder: Path, cores: Cores) -> Noop:
    folder.mkdir()
    port = free_port()
    program = str(Path(__file__).with_name("noop.py"))
    server = start([program, str(port)], port=port, folder=folder, cores=cores.server, environment={})
    signer = Signer("benchkey", b"secret", f"{HOST}:{port}")
    made_up_ids = [f"c-{index:016}" for index in range(CONTACTS)]
    requests = folder / "requests"
    write_requests(requests, updates(signer, made_up_ids, first=0, count=NOOP_REQUESTS))
    server.wait_for(signer.request("UpdateMessageContact", ()))
    return Noop(server, requests, cores)


@dataclass(frozen=True)
class Start:
    """How long a start took until the first signed call was answered, and the memory held right after it."""

    seconds: float
    resident_mib: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.resident_mib:.0f} MiB resident"


class Product:
    """The product as a whole process on one database. `url` is empty for its embedded SQLite."""

    def __init__(self, folder: Path, cores: Cores, *, url: str, **environment: str) -> None:
        folder.mkdir()
        self.folder = folder
        # Beside PostgreSQL there are three programs: the kernel spreads them over the cores.
        self.server_cores = cores.every if url else cores.server
        self.client_cores = cores.every if url else cores.client
        self.key_id = f"benchkey{secrets.token_hex(4)}"
        self.secret = secrets.token_hex(16)
        self.account_id = "1234567890123456"
        self.environment = {
            "CALLBOARD_DATA_DIR": str(folder / "data"),
            "CALLBOARD_ROOT_ACCESS_KEY_ID": self.key_id,
            "CALLBOARD_ROOT_ACCESS_KEY_SECRET": self.secret,
            "CALLBOARD_ROOT_ACCOUNT_ID": self.account_id,
            **environment,
        }
        if url:
            self.environment["CALLBOARD_DATABASE_URL"] = url
        self.contact_ids: list[str] = []
        self.updates_sent = 0
        self.fastest = 0.0

    def start(self) -> Start:
        port = free_port()
        self.server = start(
            ["-m", "callboard", "serve"],
            port=port,
            folder=self.folder,
            cores=self.server_cores,
            environment=self.environment | {"CALLBOARD_LISTEN": f"{HOST}:{port}"},
        )
        self.signer = Signer(self.key_id, self.secret.encode(), f"{HOST}:{port}")
        try:
            self.server.wait_for(READY)
            seconds = self.server.wait_for(self.signer.request("ListMessageContacts", ()))
            return Start(seconds, self.server.resident_mib())
        except BenchmarkError:
            self.server.stop()
            raise

    def add_contacts(self) -> None:
        for index in range(CONTACTS):
            request = self.signer.request("AddMessageContact", contact(index, 0))
            status, body = call(self.server.port, request)
            if status != 200:
                raise BenchmarkError(f"AddMessageContact was answered {status}: {body.decode()}")
            self.contact_ids.append(_contact_id(body))

    def warm_up(self) -> Load:
        return self._load(WARM_UP_CONNECTIONS, WARM_UP_S, WARM_UP_REQUESTS, self.signer)

    def load(self, connections: int, seconds: float, *, signer: Signer | None = None) -> Load:
        """Updates in the name of the root key, or of another signer."""
        return self._load(connections, seconds, int(self.fastest * seconds * HEADROOM), signer or self.signer)

    def _load(self, connections: int, seconds: float, count: int, signer: Signer) -> Load:
        """Signs the requests just before the run: their dates are good for 15 minutes."""
        requests = self.folder / "requests"
        write_requests(requests, updates(signer, self.contact_ids, first=self.updates_sent, count=count))
        self.updates_sent += count
        load = loading.run(
            self.server,
            requests,
            connections=connections,
            seconds=seconds,
            cores=self.client_cores,
            cycles=False,
        )
        self.fastest = max(self.fastest, load.requests_per_second)
        return load


def _contact_id(body: bytes) -> str:
    """The answer holds the id inside an object `Contact`."""
    return str(json.loads(body)["Contact"]["ContactId"])
