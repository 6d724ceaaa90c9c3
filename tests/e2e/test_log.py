"""What a server logs: a line of JSON an event, and neither secrets nor addresses of people."""

from tests.e2e.processes import KEY_ID, SECRET, Caller, Installation
from tests.signing import call_v1, call_v3, send

EMAIL, PHONE = "tom.geheim@example.com", "86-13912345678"
TOM = {
    "Name": "tom",
    "EmailAddress": EMAIL,
    "PhoneNumber": PHONE,
    "Title": "CEO",
    "MessageTypes.1": "FaultMessage",
}


def test_each_call_is_a_line_of_json_with_its_request_id_and_nothing_private(seeded: Installation) -> None:
    with seeded.serving(log_level="debug") as server:
        caller = server.caller
        answers = [
            call_v3(caller, "AddMessageContact", TOM),
            call_v3(caller, "AddMessageContact", TOM),
            call_v3(caller, "AddMessageContact", {**TOM, "Name": "tim", "EmailAddress": f"{EMAIL}@@"}),
            call_v1(caller, "AddMessageContact", {**TOM, "Name": "tim"}, method="POST"),
            call_v1(caller, "ListMessageContacts"),
            call_v3(Caller(server.endpoint, KEY_ID, f"{SECRET}x"), "AddMessageContact", TOM),
            call_v3(Caller(server.endpoint, f"{KEY_ID}x", SECRET), "AddMessageContact", TOM),
            call_v3(caller, "NoSuchAction", TOM),
            send(server.endpoint, "GET", f"/?Action=AddMessageContact&Version=2022-04-19&EmailAddress={EMAIL}"),
        ]
    told = [line for line in server.log if "request_id" in line]

    assert [answer.status for answer in answers] == [200, 400, 400, 200, 200, 400, 404, 404, 400]
    assert {line["request_id"] for line in told} == {answer.json["RequestId"] for answer in answers}
    assert {line["status"] for line in told if "status" in line} == {200, 400, 404}
    for private in (SECRET, EMAIL, "tom.geheim", PHONE, "13912345678"):
        assert private not in server.errors + server.greeting


def test_every_line_tells_its_moment_and_its_level(embedded: Installation) -> None:
    with embedded.serving() as server:
        call_v3(server.caller, "ListMessageContacts")

    first, *_, last = server.log
    assert (first["event"], last["event"]) == ("listening", "stopped")
    for line in server.log:
        assert line["level"] == "info"
        assert line["at"].endswith("Z")
