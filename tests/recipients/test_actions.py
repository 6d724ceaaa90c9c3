"""ListEffectiveContacts, ListRecipients and ListCoverageGaps, through signed calls."""

from typing import Any

import pytest

from callboard.clock import read_moment, write_moment
from callboard.verification.confirmation import confirm_outright
from tests.audit.trail import TOM, VERSION, ask
from tests.recipients.world import World
from tests.serving import Account
from tests.signing import Response, call_v1, call_v3

FAULT, SECURITY = "FaultMessage", "SecurityMessage"


def answered(response: Response) -> Any:
    assert response.status == 200, response.body
    return response.json


def contacts(world: World, account_id: str, **more: str) -> list[dict[str, Any]]:
    answer = answered(ask(world.account, "ListEffectiveContacts", account_id=account_id, **more))
    assert answer["AccountId"] == account_id
    return list(answer["Contacts"])


def recipients(world: World, account_id: str, message_type: str = FAULT, **more: str) -> dict[str, Any]:
    named = {"AccountId": account_id, "MessageType": message_type, **more}
    return dict(answered(call_v3(world.account, "ListRecipients", named, version=VERSION)))


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["ContactId"] for each in found]


def test_a_contact_is_shown_with_its_addresses_and_every_way_in(world: World) -> None:
    folder = world.folder("Finance")
    member = world.member(folder, name="production")
    tom = world.contact("tom", types=(FAULT, SECURITY), phone="86-13900001234")
    world.bind(tom, world.directory_id)
    first = write_moment(world.now)
    world.bind(tom, folder)
    second = write_moment(world.now)
    world.bind(tom, member)

    assert contacts(world, member) == [
        {
            "ContactId": tom,
            "Name": "tom",
            "Title": "CEO",
            "MessageTypes": [FAULT, SECURITY],
            "Status": "Active",
            "EmailAddress": "tom@example.com",
            "EmailVerified": True,
            "PhoneNumber": "86-13900001234",
            "PhoneVerified": False,
            "Paths": [
                {"Kind": "Direct", "ScopeId": member, "ScopeName": "production", "BoundDate": write_moment(world.now)},
                {"Kind": "Inherited", "ScopeId": folder, "ScopeName": "Finance", "BoundDate": second},
                {"Kind": "Inherited", "ScopeId": world.directory_id, "ScopeName": "root", "BoundDate": first},
            ],
        }
    ]


def test_contacts_that_are_not_proven_are_there_and_without_a_number_none_is_shown(world: World) -> None:
    member = world.member()
    tom = world.contact("tom", is_proven=False)
    world.bind(tom, world.root_id)

    (shown,) = contacts(world, member)

    assert (shown["Status"], shown["EmailVerified"]) == ("Verifying", False)
    assert {"PhoneNumber", "PhoneVerified"} & set(shown) == set()


def test_a_type_of_messages_leaves_out_who_does_not_receive_it(world: World) -> None:
    member = world.member()
    tom, tim = world.contact(types=(FAULT,)), world.contact(types=(SECURITY,), is_proven=False)
    world.bind(tom, member)
    world.bind(tim, member)

    assert ids(contacts(world, member)) == [tom, tim]
    assert ids(contacts(world, member, message_type=SECURITY)) == [tim]


def test_a_deleted_contact_stays_as_it_was_with_the_cause(world: World) -> None:
    folder = world.folder("Finance")
    member, later = world.member(folder), world.folder("Later")
    tom = world.contact("tom")
    world.bind(tom, folder)
    world.delete(tom, is_kept=True)
    deleted_at = write_moment(world.now)
    world.move(member, later)

    (shown,) = contacts(world, member)

    assert shown["Name"] == "tom"
    assert shown["Paths"] == [
        {
            "Kind": "Retained",
            "ScopeId": folder,
            "ScopeName": "Finance",
            "Cause": "Deleted",
            "RetainedDate": deleted_at,
        }
    ]


def test_a_member_that_has_left_keeps_what_it_had_and_nothing_new(world: World) -> None:
    member = world.member()
    tom, tim = world.contact("tom"), world.contact("tim")
    world.bind(tom, world.directory_id)
    world.remove(member)
    world.bind(tim, world.directory_id)

    (shown,) = contacts(world, member)

    assert shown["ContactId"] == tom
    assert (shown["Paths"][0]["Kind"], shown["Paths"][0]["Cause"]) == ("Retained", "Left")
    assert ids(recipients(world, member)["Recipients"]) == [tom]


def test_who_is_told_by_what_and_who_is_not_and_why(world: World) -> None:
    member = world.member()
    told = world.contact(phone="86-13900001234", is_phone_proven=True)
    other, unproven = world.contact(types=(SECURITY,)), world.contact(is_proven=False)
    world.contact()  # Bound to nothing.
    for each in (told, other, unproven):
        world.bind(each, world.directory_id)

    found = recipients(world, member)

    assert (found["AccountId"], found["MessageType"]) == (member, FAULT)
    assert [(each["ContactId"], each["Channels"]) for each in found["Recipients"]] == [(told, ["email", "sms"])]
    assert [(each["ContactId"], each["Reason"]) for each in found["NotTold"]] == [
        (other, "OtherMessageTypes"),
        (unproven, "NotVerified"),
    ]
    assert {"Added", "Removed"} & set(found) == set()


def test_the_past_is_answered_at_any_of_its_moments(world: World) -> None:
    one, two = world.folder("one"), world.folder("two")
    member = world.member(one)
    tom, tim = world.contact("tom", is_proven=False), world.contact("tim")
    known: list[tuple[int, list[str]]] = []

    def now_it_is(*names: str) -> None:
        known.append((world.now, list(names)))

    world.bind(tom, one)
    now_it_is()
    world.prove(tom)
    now_it_is(tom)
    world.bind(tim, two)
    now_it_is(tom)
    world.move(member, two)
    now_it_is(tim)
    world.update(tim, message_types=(SECURITY,))
    now_it_is()
    world.unbind(tim, two)
    world.bind(tom, two)
    now_it_is(tom)
    world.delete(tom, is_kept=True)
    now_it_is(tom)
    world.remove(member)
    now_it_is(tom)

    for moment, expected in known:
        assert ids(recipients(world, member, AsOf=write_moment(moment))["Recipients"]) == expected
        assert ids(recipients(world, member, AsOf=write_moment(moment + 999))["Recipients"]) == expected


def test_the_past_shows_a_contact_as_it_was_and_not_as_it_is(world: World) -> None:
    member = world.member()
    tom = world.contact("tom", email="old@example.com")
    world.bind(tom, member)
    before = write_moment(world.now)
    world.update(tom, email="new@example.com", title="Other")
    world.prove(tom)

    (then,), (now,) = contacts(world, member, as_of=before), contacts(world, member)

    assert (then["EmailAddress"], then["Title"]) == ("old@example.com", "CEO")
    assert (now["EmailAddress"], now["Title"]) == ("new@example.com", "Other")


def test_what_the_actions_have_recorded_is_the_past(world: World) -> None:
    member = world.member()
    added = answered(call_v3(world.account, "AddMessageContact", TOM))["Contact"]["ContactId"]
    world.bind(added, member)
    update = {"ContactId": added, "Title": "Other", "MessageTypes.1": FAULT}
    world.now = world.server.runtime.clock()
    world.run(lambda open_: confirm_outright(world.call(open_), added, None))
    answered(call_v3(world.account, "UpdateMessageContact", update))

    def before(action: str) -> dict[str, Any]:
        (record,) = answered(ask(world.account, "ListAuditRecords", action_name=action))["AuditRecords"]
        moment = read_moment(record["EventTime"])
        assert moment is not None
        return recipients(world, member, AsOf=write_moment(moment - 1))

    assert [each["Reason"] for each in before("ConfirmMessageContactVerification")["NotTold"]] == ["NotVerified"]
    assert [each["Title"] for each in before("UpdateMessageContact")["Recipients"]] == ["CEO"]
    assert [each["Title"] for each in recipients(world, member)["Recipients"]] == ["Other"]


def test_an_account_was_none_before_it_came(world: World) -> None:
    before = write_moment(world.now)
    member = world.member()

    answer = ask(world.account, "ListEffectiveContacts", account_id=member, as_of=before)

    assert (answer.status, answer.code) == (404, "EntityNotExists.Account")
    assert contacts(world, member, as_of=write_moment(world.now)) == []


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_before_the_directory_was_there_nobody_was_in_it(world: World, moment: str) -> None:
    answer = ask(world.account, "ListEffectiveContacts", account_id=world.member(), as_of=moment)

    assert (answer.status, answer.code) == (404, "EntityNotExists.Account")


def test_what_if_names_who_would_come_and_who_would_go_and_changes_nothing(world: World) -> None:
    one, two = world.folder("one"), world.folder("two")
    member = world.member(one)
    tom, tim = world.contact("tom"), world.contact("tim")
    world.bind(tom, one)
    world.bind(tim, two)

    found = recipients(world, member, WhatIf="MoveAccount", DestinationFolderId=two)

    assert (ids(found["Recipients"]), found["Added"], found["Removed"]) == ([tim], [tim], [tom])
    assert ids(recipients(world, member)["Recipients"]) == [tom]


def test_every_change_can_be_asked_for(world: World) -> None:
    member = world.member()
    tom, tim = world.contact("tom"), world.contact("tim", types=(SECURITY,))
    world.bind(tom, world.directory_id)
    world.bind(tim, member)

    def difference(**change: str) -> tuple[list[str], list[str]]:
        named = {name.replace("_", "."): value for name, value in change.items()}
        found = recipients(world, member, **named)
        return found["Added"], found["Removed"]

    members = {"Members_1": world.root_id}
    update = {"WhatIf": "UpdateMessageContact", "ContactId": tim}
    assert difference(WhatIf="AssociateMembers", ContactId=tom, **members) == ([], [])
    assert difference(WhatIf="DisassociateMembers", ContactId=tom, **members) == ([], [tom])
    assert difference(**update, MessageTypes_1=FAULT) == ([tim], [])
    assert difference(**update, EmailAddress="new@example.com") == ([], [])
    assert difference(WhatIf="DeleteMessageContact", ContactId=tom) == ([], [])
    assert difference(WhatIf="DeleteMessageContact", ContactId=tom, RetainContactInMembers="false") == ([], [tom])


def test_what_if_is_not_audited(world: World) -> None:
    member, folder = world.member(), world.folder("one")
    before = answered(ask(world.account, "ListAuditRecords"))["AuditRecords"]

    recipients(world, member, WhatIf="MoveAccount", DestinationFolderId=folder)
    call_v3(world.account, "ListRecipients", {"AccountId": member, "WhatIf": "Nothing"}, version=VERSION)

    assert answered(ask(world.account, "ListAuditRecords"))["AuditRecords"] == before


def test_gaps_are_listed_by_member_and_type(world: World) -> None:
    folder = world.folder("Finance")
    member = world.member(folder, name="production")
    one, waiting = world.contact(types=(FAULT,)), world.contact(types=(SECURITY,), is_proven=False)
    world.bind(one, folder)
    world.bind(waiting, member)
    both = [world.contact(types=("ProductMessage",)) for _ in range(2)]
    for each in both:
        world.bind(each, world.directory_id)

    gaps = gaps_of(world)

    shown = {"AccountId": member, "DisplayName": "production", "FolderId": folder}
    assert [{name: each[name] for name in shown} for each in gaps] == [shown] * 5
    assert [(each["MessageType"], each["Kind"], each["Verified"], each["Unverified"]) for each in gaps] == [
        ("ServiceMessage", "None", 0, 0),
        (FAULT, "One", 1, 0),
        ("AccountExpenses", "None", 0, 0),
        (SECURITY, "Unverified", 0, 1),
        ("ActivityMessage", "None", 0, 0),
    ]


def gaps_of(world: World, **asked: str) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    while True:
        page = answered(ask(world.account, "ListCoverageGaps", **asked))
        found += page["CoverageGaps"]
        assert len(page["CoverageGaps"]) <= page["MaxResults"]
        if "NextToken" not in page:
            return found
        asked["next_token"] = page["NextToken"]


def test_conditions_leave_out_other_gaps(world: World) -> None:
    folder, other = world.folder("one"), world.folder("two")
    below = world.folder("three", folder)
    inside, deeper, outside = world.member(folder), world.member(below), world.member(other)
    tom = world.contact()
    world.bind(tom, folder)

    def accounts(**asked: str) -> set[str]:
        return {each["AccountId"] for each in gaps_of(world, **asked)}

    assert accounts() == {inside, deeper, outside}
    assert accounts(folder_id=folder) == {inside, deeper}
    assert accounts(folder_id=world.root_id) == {inside, deeper, outside}
    assert accounts(folder_id=below) == {deeper}
    assert accounts(kind="One") == {inside, deeper}
    assert accounts(kind="None", message_type=FAULT) == {outside}
    assert accounts(kind="Unverified") == set()


@pytest.mark.parametrize("size", [1, 4, 6, 7, 100])
def test_pages_together_are_the_whole(world: World, size: int) -> None:
    world.members(3)
    whole = gaps_of(world)

    assert len(whole) == 18
    assert gaps_of(world, max_results=str(size)) == whole


def test_who_is_gone_between_two_pages_moves_nobody_else(world: World) -> None:
    first, second, third = world.members(3)
    page = answered(ask(world.account, "ListCoverageGaps", max_results="3"))
    world.remove(first)

    rest = gaps_of(world, next_token=page["NextToken"])

    assert [each["AccountId"] for each in rest] == [second] * 6 + [third] * 6


def test_v1_asks_too(world: World) -> None:
    member = world.member()

    answer = call_v1(world.account, "ListRecipients", {"AccountId": member, "MessageType": FAULT}, Version=VERSION)

    assert (answer.status, answer.json["Recipients"]) == (200, [])


def test_the_management_account_is_no_member(world: World, account: Account) -> None:
    answer = ask(account, "ListEffectiveContacts", account_id=account.account_id)

    assert (answer.status, answer.code) == (404, "EntityNotExists.Account")
