"""Many who do something at the same moment, each on a connection of its own, and the servers that they meet."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import bindparam, make_url, select

from callboard.audit import storage as audit
from callboard.contacts.addresses import key_of
from callboard.database.statement import Statement
from callboard.database.tables import proofs
from callboard.settings import load
from tests.owner import Owner
from tests.serving import Account, Server, serving
from tests.signing import Response, call_v3

SEND = "SendEmailVerificationForMessageContact"

_PROOFS = Statement(
    select(proofs.c.state, proofs.c.attempts)
    .where(proofs.c.target_key == bindparam("key"))
    .order_by(proofs.c.created_at)
)


def new_database(postgres: str) -> str:
    """The address of a new database on the server."""
    name = f"crowd_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return make_url(postgres).set(database=name).render_as_string(hide_password=False)


@contextmanager
def servers(url: str, folder: Path, *, number: int = 1, **own: str) -> Iterator[list[Server]]:
    """Servers over one database. What limits a caller's network address is off, as all come from one."""
    given = {"data_dir": str(folder), "database_url": url, "listen": "127.0.0.1:0", "log_format": "json"}
    given |= {"background": "false", "sends_per_source_hour": "0", "codes_per_source_hour": "0", **own}
    settings = load({f"CALLBOARD_{name.upper()}": value for name, value in given.items()}, Path("no-such-file.toml"))
    with ExitStack() as stack:
        yield [stack.enter_context(serving(settings)) for _ in range(number)]


@dataclass(frozen=True)
class Asked:
    """A contact whose email address waits for its owner, and the same account at each of the servers."""

    accounts: list[Account]
    contact_id: str
    address: str

    @property
    def owner(self) -> Owner:
        return Owner(self.accounts[0].server, self.address)

    @property
    def parameters(self) -> dict[str, str]:
        return {"ContactId": self.contact_id, "EmailAddress": self.address}

    @property
    def status(self) -> str:
        answer = call_v3(self.accounts[0], "GetMessageContact", {"ContactId": self.contact_id})
        return str(answer.json["Contact"]["Status"])

    @property
    def proofs(self) -> list[tuple[str, int]]:
        """State and counted tries of every proof, oldest first."""
        key = key_of(self.address)
        rows = self.accounts[0].server.run(lambda connection: connection.all(_PROOFS, key=key))
        return [(str(state), int(tries)) for state, tries in rows]

    @property
    def changes(self) -> Counter[str]:
        """How often the audit trail has each change of the contact."""
        account_id = self.accounts[0].account_id
        records = self.accounts[0].server.run(lambda connection: audit.page(connection, account_id))
        return Counter(each.action for each in records if each.resource.endswith(self.contact_id))


def asked(
    at: Sequence[Server],
    *,
    of: list[Account] | None = None,
    name: str = "tom",
    address: str = "",
    is_sent: bool = True,
) -> Asked:
    """A new contact, of a new account unless one is given; its owner has a letter, unless none is to be sent yet."""
    accounts = of or accounts_at(at)
    address = address or f"{uuid.uuid4().hex}@example.com"
    values = {"Name": name, "EmailAddress": address, "Title": "CEO", "MessageTypes.1": "FaultMessage"}
    answer = call_v3(accounts[0], "AddMessageContact", values)
    made = Asked(accounts, str(answer.json["Contact"]["ContactId"]), address)
    if is_sent:
        assert call_v3(accounts[0], SEND, made.parameters).status == 200
    return made


def accounts_at(at: Sequence[Server]) -> list[Account]:
    """A new account, as it is at each of the servers."""
    first = at[0].account()
    return [first, *(Account(each, first.account_id, first.key_id, first.secret) for each in at[1:])]


def together(requests: Sequence[Callable[[], Response]]) -> list[Response]:
    """Send them all once everybody is there; the answers, in the order of the requests."""
    barrier = threading.Barrier(len(requests))

    def send(request: Callable[[], Response]) -> Response:
        barrier.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def statuses(answers: Sequence[Response]) -> Counter[int]:
    return Counter(answer.status for answer in answers)
