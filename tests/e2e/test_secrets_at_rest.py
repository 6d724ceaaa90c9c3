"""Links and codes are known to whoever got the letter: not to the database, not to the logs, not to the audit trail."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from callboard.audit import storage as audit
from tests.e2e.customer import Customer
from tests.e2e.gateway import Gateway
from tests.e2e.mail import PASSWORD, MailServer
from tests.e2e.processes import SEEDED, Installation, Server
from tests.e2e.test_crash import opened
from tests.e2e.workers import working
from tests.signing import send

pytest_plugins = ["tests.e2e.surroundings"]

TOM, ANN, TIM = "tom@example.com", "ann@example.org", "tim@example.com"
ADMINISTRATOR = "contacts@example.net"
NUMBER, DIALLED = "86-13900001234", "+8613900001234"
FORM = {"content-type": "application/x-www-form-urlencoded"}
OUTSIDE = {"worker": "false", "log_level": "debug", "outbox_backoff_s": "1", "administrator_email": ADMINISTRATOR}


def gossip(recipient: str, attempt: int) -> str:
    """A plan of a server that repeats in its answers what it was sent."""
    if recipient == ADMINISTRATOR or attempt == 0:
        return ""
    if recipient == ANN:
        return "550 5.7.1 no such thing here: {code} in {link}"
    return "451 4.7.1 have you written {link} with {code}?" if attempt == 1 else "250 2.0.0 queued: {link} {code}"


def submit(server: Server, path: str, **fields: str) -> int:
    """Send a form; the status."""
    return send(server.endpoint, "POST", path, FORM, urlencode(fields).encode()).status


def stored(installation: Installation) -> bytes:
    """Everything that the database holds: each byte of SQLite's files, each value of PostgreSQL's tables."""
    url = installation.settings["database_url"]
    if not url:
        files = (installation.folder / "callboard-data").glob("callboard.db*")
        return b"\n".join(file.read_bytes() for file in files)
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [row for (table,) in tables for row in connection.execute(f'SELECT * FROM "{table}"').fetchall()]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def logged(folder: Path) -> bytes:
    """What servers and workers have printed."""
    return b"\n".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def traces(secret: str, where: bytes) -> list[str]:
    """The forms in which a secret stands somewhere; the digits of a code count only by themselves."""
    text, digest = secret.encode(), hashlib.sha256(secret.encode())
    forms = {
        "itself": re.search(rb"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" % re.escape(text), where),
        "in base64": len(text) > 8 and base64.b64encode(text)[:-2] in where,
        "its plain hash": digest.digest() in where or digest.hexdigest().encode() in where.lower(),
    }
    return [f"{secret} {form}" for form, is_there in forms.items() if is_there]


@dataclass
class Evidence:
    """The secrets that letters had in them, and everything that stayed behind."""

    secrets: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    database: bytes = b""
    told: bytes = b""


def prove_by_mail_and_sms(installation: Installation, post: MailServer, gateway: Gateway, found: Evidence) -> str:
    """Confirm by link and by code, refuse, all by letters of a real worker; the contact's id."""
    outside = OUTSIDE | post.settings | gateway.settings_for_get
    with installation.serving(**outside) as server, working(installation, **outside):
        customer = Customer(server)
        tom, ann = customer.add(TOM, phone=NUMBER), customer.add(ANN, name="ann")
        for contact_id, target in ((tom, TOM), (tom, NUMBER), (ann, ANN)):
            customer.ask(contact_id, target)
        mail, sms = post.next(TOM), gateway.next(DIALLED)
        refused = next(each for each in post.seen if each.recipient == ANN)
        found.secrets += [each for letter in (mail, sms, refused) for each in (letter.token, letter.code)]
        found.statuses += [
            submit(server, f"/v/{mail.token}", do="confirm"),
            submit(server, "/verify", target=NUMBER, code=f"{sms.code}0", do="confirm"),
            submit(server, "/verify", target=NUMBER, code=sms.code, do="confirm"),
            submit(server, f"/v/{refused.token}", do="refuse"),
        ]
        post.next(ADMINISTRATOR)
        found.told += send(server.endpoint, "GET", "/metrics").body
        found.database += stored(installation)
    for state in ("sent", "failed"):
        found.told += installation.command("letters", "--state", state, **outside).stdout.encode()
    return tom


def read_the_mailbox(installation: Installation, contact_id: str, found: Evidence) -> None:
    """Ask for one more proof where no provider is set, and open its link."""
    with installation.serving(log_level="debug") as server:
        customer = Customer(server)
        customer.change_email(contact_id, TIM)
        customer.ask(contact_id, TIM)
        (kept,) = send(server.endpoint, "GET", f"/mailbox?address={TIM}").json["Letters"]
        token = kept["Link"].rpartition("/")[2]
        found.secrets += [token, kept["Code"]]
        found.statuses.append(send(server.endpoint, "GET", f"/v/{token}").status)
        found.database += stored(installation)
    found.database += stored(installation)


def audit_trail(installation: Installation) -> bytes:
    connection = opened(installation)
    records = connection.run(lambda open_: audit.page(open_, SEEDED["root_account_id"]))
    connection.close()
    return repr(records).encode()


def test_neither_links_nor_codes_stand_in_database_logs_or_audit_trail(
    seeded: Installation, gateway: Gateway, tmp_path: Path
) -> None:
    found, post = Evidence(), MailServer(tmp_path, plan=gossip)
    post.open()
    gateway.answer = lambda sms: f"accepted: {sms.text} as {quote(sms.link, safe='')}"

    read_the_mailbox(seeded, prove_by_mail_and_sms(seeded, post, gateway, found), found)
    post.close()

    told, trail = found.told + logged(seeded.folder), audit_trail(seeded)
    everything = found.database + told + trail
    assert found.statuses == [303, 403, 200, 303, 200]
    assert len(set(found.secrets)) == 8
    assert TOM.encode() in found.database  # So it is everything that was looked through,
    assert b'"letter_tried"' in told
    assert b"SendPhoneVerificationForMessageContact" in trail
    for gossiped in (b"451 4.7.1 have you written *** with ***?", b"550 5.7.1 no such thing here: *** in ***"):
        assert gossiped in everything  # and these were told of each other.
    assert [trace for secret in found.secrets for trace in traces(secret, everything)] == []
    assert PASSWORD.encode() not in everything


def test_the_search_for_traces_would_find_them() -> None:
    token, code = "aB3dE6gH9jK2mN5pQ8sT1v", "012345"
    told = f"/v/{token}?x {base64.b64encode(token.encode()).decode()} {hashlib.sha256(code.encode()).hexdigest()}"

    assert traces(token, told.encode()) == [f"{token} itself", f"{token} in base64"]
    assert traces(code, told.encode()) == [f"{code} its plain hash"]
    assert traces(code, b"at 9012345, x012345") == []
    assert traces(code, b"code 012345.") == [f"{code} itself"]
