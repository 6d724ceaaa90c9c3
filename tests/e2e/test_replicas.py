"""What must hold over restarts, and between processes that share one database."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.processes import KEY_ID, SECRET, Installation, Server
from tests.signing import Response, call_v3, send, v3_headers
from tests.storage.test_outages import ON_POSTGRESQL

ADD = [
    ("EmailAddress", "tom@example.com"),
    ("MessageTypes.1", "FaultMessage"),
    ("Name", "tom"),
    ("Title", "CEO"),
]


class Recorded:
    """A signed call as somebody on the way may have kept it, to send it again."""

    def __init__(self, endpoint: str) -> None:
        self._headers = v3_headers(
            endpoint=endpoint, action="AddMessageContact", key_id=KEY_ID, secret=SECRET, query=ADD
        )

    def send(self, server: Server) -> Response:
        path = "/?" + "&".join(f"{name}={value}" for name, value in ADD)
        return send(server.endpoint, "POST", path, self._headers)


def test_a_nonce_is_refused_again_after_a_restart(seeded: Installation) -> None:
    with seeded.serving() as server:
        recorded = Recorded(server.endpoint)
        first, second = recorded.send(server), recorded.send(server)
    with seeded.serving() as server:
        third = recorded.send(server)

    assert first.status == 200
    assert (second.status, second.code) == (400, "SignatureNonceUsed")
    assert (third.status, third.code) == (400, "SignatureNonceUsed")


def test_a_nonce_is_refused_again_after_a_crash(seeded: Installation) -> None:
    with seeded.serving() as server:
        recorded = Recorded(server.endpoint)
        first = recorded.send(server)
        server.kill()
        server.process.wait()
    with seeded.serving() as server:
        second = recorded.send(server)

    assert (first.status, second.code) == (200, "SignatureNonceUsed")


def test_a_call_sent_to_two_replicas_is_served_once(seeded: Installation) -> None:
    with seeded.serving() as one, seeded.serving() as two, ThreadPoolExecutor(8) as pool:
        recorded = Recorded(one.endpoint)
        answers = list(pool.map(recorded.send, [one, two] * 4))

    assert sorted(answer.status for answer in answers) == [200] + [400] * 7
    assert {answer.code for answer in answers if answer.status == 400} == {"SignatureNonceUsed"}


def test_what_one_replica_acknowledged_the_other_one_reads(seeded: Installation) -> None:
    with seeded.serving() as one, seeded.serving() as two:
        added = Recorded(one.endpoint).send(one)
        contact_id = added.json["Contact"]["ContactId"]

        found = call_v3(two.caller, "GetMessageContact", {"ContactId": contact_id})

    assert found.json["Contact"]["Name"] == "tom"


def test_a_disabled_key_is_refused_by_running_servers_within_about_a_second(seeded: Installation) -> None:
    with seeded.serving() as one, seeded.serving() as two:
        before = [call_v3(server.caller, "ListMessageContacts").status for server in (one, two)]

        disabled = seeded.command("key", "disable", KEY_ID)
        since = time.monotonic()
        codes = [until_code(server, "InvalidAccessKeyId.Inactive") for server in (one, two)]
        took_s = time.monotonic() - since
        enabled = seeded.command("key", "enable", KEY_ID)
        again = [until_code(server, None) for server in (one, two)]

    assert before == [200, 200]
    assert (disabled.stdout, enabled.stdout) == (f"{KEY_ID} is inactive.\n", f"{KEY_ID} is active.\n")
    assert codes == ["InvalidAccessKeyId.Inactive"] * 2
    assert took_s < 3
    assert again == [None, None]


def until_code(server: Server, wanted: str | None) -> str | None:
    """Call until the answer has this code, or none; for five seconds at most."""
    end = time.monotonic() + 5
    while True:
        answer = call_v3(server.caller, "ListMessageContacts")
        code = None if answer.status == 200 else answer.code
        if code == wanted or time.monotonic() > end:
            return code


@ON_POSTGRESQL
def test_replicas_that_start_together_on_an_empty_database_all_serve(seeded: Installation) -> None:
    seeded.folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: seeded.command("init"), range(3)))

    listed = seeded.command("key", "list").stdout.splitlines()

    assert [(outcome.returncode, outcome.stderr) for outcome in outcomes] == [(0, "")] * 3
    assert len(listed) == 1


@pytest.mark.parametrize("number", range(2))
def test_of_those_who_start_together_one_shows_the_first_key(fresh: Installation, number: int) -> None:
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: fresh.command("init"), range(3)))

    listed = fresh.command("key", "list").stdout.splitlines()

    assert [(outcome.returncode, outcome.stderr) for outcome in outcomes] == [(0, "")] * 3
    assert sum("Access key secret" in outcome.stdout for outcome in outcomes) == 1
    assert len(listed) == 1
