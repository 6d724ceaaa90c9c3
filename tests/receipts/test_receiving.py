"""What is heard of letters: kept once, never against the last word, never across directories; and what follows."""

from collections.abc import Callable
from pathlib import Path

import pytest

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS
from callboard.contacts import unreachable
from callboard.contacts.addresses import key_of
from callboard.contacts.unreachable import Unreachable
from callboard.delivery import lists
from callboard.messages.rules import Receipt
from callboard.receipts.rules import Heard
from callboard.settings import Settings
from tests.access.rights import allow, user_with
from tests.audit.trail import records
from tests.declared import assert_declared
from tests.e2e.processes import Installation, refusal
from tests.messages.press import VERSION, call, published, shown
from tests.messages.test_delivery import site
from tests.owner import Owner, path_of, post
from tests.receipts.returned import plain, returned
from tests.receipts.steps import BOTH, SMS, counted, deliver, doubted, hear, letter_of, letter_to, review, take_mail
from tests.recipients.world import World
from tests.serving import Server
from tests.signing import Response, call_v3

TOM, PHONE, ADMIN = "tom@example.com", "86-13900001234", "admin@example.com"


def with_tom(world: World, email: str = TOM) -> str:
    member = world.member()
    world.bind(world.contact("tom", email=email), member)
    return member


def notices(server: Server, recipient: str = "administrator") -> list[str]:
    return [each.content.text for each in Owner(server, recipient).letters if "came back" in each.content.text]


@BOTH
def test_a_bounce_marks_the_address_and_tells_the_administrator_once(own_settings: Settings) -> None:
    with site(own_settings, **SMS, organisation="Example Ltd") as world:
        member = with_tom(world)
        message_id = published(world.account, member)
        deliver(world, email="sent")
        mail = returned(letter_of(world, message_id, TOM), TOM)
        heard = [take_mail(world.server, mail)]
        once = shown(world.account, message_id)["Deliveries"][0]
        heard.append(take_mail(world.server, mail))
        twice = shown(world.account, message_id)["Deliveries"][0]
        told = notices(world.server)
        (record,) = records(world.account, action_name="MarkAddressUnreachable")
        listed = call(world.account, "ListUnreachableAddresses").json["Addresses"]
        next_one = shown(world.account, published(world.account, member))["Deliveries"][0]
        bounced = counted(world.server, "callboard_receipts_total", source="mail", heard="bounced")

    assert heard == [Heard.BOUNCED, Heard.REPEATED]
    assert (once["State"], once["ReceiptAnswer"]) == ("Bounced", "550 5.1.1 no such user")
    assert once["ReceiptDate"]
    assert twice == once
    (notice,) = told
    for part in (
        "tom",
        "550 5.1.1 no such user",
        "callboard unreachable lift tom@example.com",
        "Example Ltd",
        "被退回",
    ):
        assert part in notice
    assert (record["Principal"], bounced) == ("operator", 1)
    assert record["Resource"].endswith(f":address/{TOM}")
    assert [(each["Address"], each["Reason"]) for each in listed] == [(TOM, "550 5.1.1 no such user")]
    assert (next_one["State"], next_one["SuppressionReason"]) == ("Suppressed", "Unreachable")


@BOTH
def test_a_bounce_is_the_last_word_and_the_first_word_of_each_kind_stays(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world))
        letter_id = letter_of(world, message_id, TOM)
        heard = [
            hear(world, letter_id, receipt, answer)
            for receipt, answer in (
                (Receipt.ACCEPTED, "taken"),
                (Receipt.ACCEPTED, "taken again"),
                (Receipt.BOUNCED, "came back"),
                (Receipt.BOUNCED, "came back again"),
                (Receipt.ACCEPTED, "taken after all"),
            )
        ]
        delivery = shown(world.account, message_id)["Deliveries"][0]

    assert heard == [Heard.ACCEPTED, Heard.REPEATED, Heard.BOUNCED, Heard.REPEATED, Heard.REPEATED]
    assert (delivery["State"], delivery["ReceiptAnswer"]) == ("Bounced", "came back")


def test_everybody_whom_a_letter_is_for_has_its_receipt(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        member = with_tom(world)
        world.bind(world.contact("ann", email=TOM), member)
        message_id = published(world.account, member)
        take_mail(world.server, returned(letter_to(world, TOM), TOM))
        found = shown(world.account, message_id)["Deliveries"]
        (notice,) = notices(world.server)

    assert [each["State"] for each in found] == ["Bounced", "Bounced"]
    assert "tom" in notice
    assert "ann" in notice


@pytest.mark.parametrize(
    ("changes", "heard", "state"),
    [
        ({"action": "delayed", "status": "4.4.1"}, Heard.DELAYED, "Sent"),
        ({"action": "delivered", "status": "2.0.0", "diagnostic": "250 OK"}, Heard.ACCEPTED, "Accepted"),
        ({"status": "5.7.1", "diagnostic": "550 5.7.1 spam"}, Heard.BOUNCED, "Bounced"),
        ({"status": "4.4.7", "diagnostic": "expired"}, Heard.BOUNCED, "Bounced"),
    ],
)
def test_what_is_not_about_the_address_leaves_it_as_it_is(
    own_settings: Settings, changes: dict[str, str], heard: Heard, state: str
) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world))
        deliver(world, email="sent")

        assert take_mail(world.server, returned(letter_of(world, message_id, TOM), **changes)) is heard
        assert shown(world.account, message_id)["Deliveries"][0]["State"] == state
        assert (doubted(world), notices(world.server)) == ([], [])


@pytest.mark.parametrize(
    ("octets", "heard"),
    [
        (returned("0" * 32), Heard.UNKNOWN),
        (returned("x' OR 1=1 --"), Heard.UNKNOWN),
        (returned("\u0661" * 32), Heard.UNKNOWN),
        (plain(Subject="Away", In_Reply_To=f"<{'0' * 32}@x>"), Heard.NO_REPORT),
        (plain(Message_ID=f"<{'0' * 32}@x>"), Heard.NO_REPORT),
        (b"", Heard.NO_REPORT),
    ],
    ids=range(6),
)
def test_what_names_no_letter_is_counted_and_changes_nothing(
    own_settings: Settings, octets: bytes, heard: Heard
) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world))
        before = shown(world.account, message_id)

        assert take_mail(world.server, octets) is heard
        assert shown(world.account, message_id) == before
        assert counted(world.server, "callboard_receipts_total", source="mail", heard=heard.value) == 1


def test_a_reply_that_names_a_letter_and_reports_nothing_is_no_bounce(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world))
        own = f"<{letter_of(world, message_id, TOM)}@callboard.example>"

        assert take_mail(world.server, plain(In_Reply_To=own, References=own, Message_ID=own)) is Heard.NO_REPORT
        assert shown(world.account, message_id)["Deliveries"][0]["State"] == "Queued"


def test_a_forwarded_letter_that_comes_back_from_elsewhere_counts_for_the_address_it_went_to(
    own_settings: Settings,
) -> None:
    with site(own_settings, **SMS) as world:
        message_id = published(world.account, with_tom(world))

        take_mail(world.server, returned(letter_of(world, message_id, TOM), "toms.new.job@example.net"))

        assert doubted(world) == [TOM]


def test_an_address_is_doubted_in_the_directory_of_the_letter_alone(own_settings: Settings) -> None:
    with site(own_settings, **SMS) as world:
        other = type(world)(world.server.account())
        member = with_tom(other)
        message_id = published(world.account, with_tom(world))
        take_mail(world.server, returned(letter_of(world, message_id, TOM), TOM))

        untouched = shown(other.account, published(other.account, member))["Deliveries"][0]["State"]
        lifted = call(other.account, "LiftUnreachableAddress", Address=TOM)

        assert (doubted(world), doubted(other), untouched) == ([TOM], [], "Queued")
        assert lifted.code == "EntityNotExists.UnreachableAddress"
        assert call(other.account, "ListUnreachableAddresses").json["Addresses"] == []


def _asked(world: World) -> str:
    """A contact whose letter of proof waits; its id."""
    added = {"Name": "tom", "EmailAddress": TOM, "Title": "CEO", "MessageTypes.1": "FaultMessage"}
    contact_id = str(call_v3(world.account, "AddMessageContact", added).json["Contact"]["ContactId"])
    _ask(world, contact_id)
    return contact_id


def _ask(world: World, contact_id: str) -> None:
    asked = {"ContactId": contact_id, "EmailAddress": TOM}
    assert call_v3(world.account, "SendEmailVerificationForMessageContact", asked).status == 200


@BOTH
def test_a_letter_of_proof_that_comes_back_counts_and_the_next_proof_lifts_it(own_settings: Settings) -> None:
    with site(own_settings, **SMS, sends_apart_s="0") as world:
        contact_id = _asked(world)
        letter_id = letter_to(world, TOM)
        heard = [take_mail(world.server, returned(letter_id, TOM)) for _ in range(2)]
        before = doubted(world)
        _ask(world, contact_id)
        runtime = world.server.runtime
        letter = world.run(lambda open_: lists.last(open_, runtime.vault, key_of(TOM)))
        pressed = post(world.server, path_of(letter), do="confirm")
        (record,) = records(world.account, action_name="LiftUnreachableAddress")

    assert heard == [Heard.BOUNCED, Heard.REPEATED]
    assert (before, pressed.status) == ([TOM], 303)
    assert record["Principal"] == "owner"


def test_a_proof_lifts_nothing_before_it_is_given(own_settings: Settings) -> None:
    with site(own_settings, **SMS, sends_apart_s="0") as world:
        contact_id = _asked(world)
        take_mail(world.server, returned(letter_to(world, TOM), TOM))
        _ask(world, contact_id)

        assert doubted(world) == [TOM]


@pytest.mark.parametrize("is_proof", [True, False])
def test_a_mailbox_that_the_server_says_is_none_is_doubted_at_once(own_settings: Settings, *, is_proof: bool) -> None:
    with site(own_settings, **SMS) as world:
        if is_proof:
            _asked(world)
        else:
            published(world.account, with_tom(world))
        deliver(world, email="550 5.1.1 <tom@example.com>: no such user")
        review(world)

        assert doubted(world) == [TOM]
        assert "5.1.1" in notices(world.server)[0]


@pytest.mark.parametrize("answer", ["550 no such user", "554 5.7.1 this looks like spam", "550 5.1.8 bad sender"])
def test_a_refusal_that_may_be_about_the_content_doubts_no_address(own_settings: Settings, answer: str) -> None:
    with site(own_settings, **SMS) as world:
        published(world.account, with_tom(world))
        deliver(world, email=answer)
        review(world)

        assert doubted(world) == []


def test_the_administrator_who_is_not_reached_is_not_told_of_that(own_settings: Settings) -> None:
    with site(own_settings, **{**SMS, "administrator_email": ADMIN, "smtp_host": ""}) as world:
        message_id = published(world.account, with_tom(world, ADMIN))
        take_mail(world.server, returned(letter_of(world, message_id, ADMIN), ADMIN))

        assert doubted(world) == [ADMIN]
        assert notices(world.server, ADMIN) == []


def _doubt(world: World, number: int) -> list[str]:
    targets = [f"n{each}@example.com" for each in range(number)]

    def work(open_: object) -> None:
        for at, each in enumerate(targets):
            found = Unreachable(world.directory_id, each, "550", f"l-{each}", world.now + at // 2)
            unreachable.add(open_, found)  # type: ignore[arg-type]

    world.run(work)
    return targets


def test_the_list_goes_on_page_by_page(world: World) -> None:
    targets, found, token = _doubt(world, 5), [], {}
    for _ in range(3):
        answer = call(world.account, "ListUnreachableAddresses", MaxResults=2, **token).json
        found += [each["Address"] for each in answer["Addresses"]]
        token = {"NextToken": answer.get("NextToken", "")}

    assert sorted(found) == targets
    assert token == {"NextToken": ""}


PROVOCATIONS: dict[tuple[str, str], Callable[[World], Response]] = {
    ("LiftUnreachableAddress", "EntityNotExists.UnreachableAddress"): lambda world: call(
        world.account, "LiftUnreachableAddress", Address=TOM
    ),
}
NAMES = ("ListUnreachableAddresses", "LiftUnreachableAddress")


@pytest.mark.parametrize(("action", "code"), PROVOCATIONS)
def test_a_declared_error_surfaces_as_it_is_declared(world: World, action: str, code: str) -> None:
    refused = PROVOCATIONS[action, code](world)

    assert_declared(refused, action, code)


def test_every_declared_error_has_a_provocation_and_no_other() -> None:
    assert set(PROVOCATIONS) == {(name, error.code) for name in NAMES for error in ACTIONS[VERSION, name].errors}


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        ("LiftUnreachableAddress", "Address", ""),
        ("LiftUnreachableAddress", "Address", "a\x00b"),
        ("LiftUnreachableAddress", "Address", "x" * 321),
        ("ListUnreachableAddresses", "NextToken", "x"),
        ("ListUnreachableAddresses", "NextToken", f"01.{'0' * 32}"),
        ("ListUnreachableAddresses", "NextToken", f"9999999999999999.{'0' * 32}"),
        ("ListUnreachableAddresses", "MaxResults", "0"),
        ("ListUnreachableAddresses", "MaxResults", "101"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(world: World, action: str, name: str, value: str) -> None:
    refused = call(world.account, action, **{name: value})

    assert (refused.status, refused.code, name in refused.json["Message"]) == (400, "InvalidParameter", True)


def test_who_may_list_may_not_lift(world: World) -> None:
    user = user_with(world.account, allow("callboard:ListUnreachableAddresses"))

    assert call(user, "ListUnreachableAddresses").status == 200
    assert call(user, "LiftUnreachableAddress", Address=TOM).code == "NoPermission"


def test_unreachable_addresses_are_listed_and_lifted_at_the_shell(own_settings: Settings, tmp_path: Path) -> None:
    with site(own_settings, **SMS) as world:
        settings = world.server.settings
        commands = Installation(tmp_path / "home", database_url=settings.url, data_dir=str(settings.data_dir))
        empty = commands.command("unreachable")
        _doubt(world, 1)
        listed = commands.command("unreachable").stdout
        lifted = commands.command("unreachable", "lift", "N0@Example.com").stdout
        again = refusal(commands.command("unreachable", "lift", "n0@example.com"))
        (record,) = records(world.account, action_name="LiftUnreachableAddress")

    assert (empty.stdout, empty.stderr) == ("", "No address is unreachable.\n")
    assert listed.startswith("n0@example.com  2")
    assert listed.endswith(f"directory {world.directory_id}  550\n")
    assert lifted == "Messages are sent to N0@Example.com again.\n"
    assert again == "callboard: n0@example.com is not unreachable."
    assert record["Principal"] == "operator"
