"""'This isn't me': what it does to the contact, what is sent no more, who is told, and how it is lifted."""

from dataclasses import replace
from typing import Any

import pytest

from callboard.contacts import refusals
from callboard.settings import Settings
from tests.contract.callers import Sdk
from tests.contract.sending import NOT_FOUND, refused, send
from tests.contract.steps import (
    TOM,
    add,
    add_active,
    new_email,
    new_phone,
    prove,
    shown,
    waiting,
)
from tests.owner import Owner
from tests.serving import serving


@pytest.mark.parametrize("target", ["email", "phone"])
def test_a_refused_pending_change_is_dropped(sdk: Sdk, target: str) -> None:
    server, old = sdk.account.server, new_phone()
    contact_id = add_active(sdk, phone_number=old)
    prove(sdk.account, contact_id, old)
    before = shown(sdk, contact_id)
    owner = Owner(server, new_email() if target == "email" else new_phone())
    field = "email_address" if target == "email" else "phone_number"
    sdk.call("UpdateMessageContact", contact_id=contact_id, **{field: owner.address})
    send(sdk, contact_id, owner)

    answer = owner.press("refuse")

    assert answer.status == 303
    assert (shown(sdk, contact_id), waiting(sdk, contact_id)) == (before, [])


def test_a_refused_number_that_nobody_has_proven_is_removed(sdk: Sdk, phone: Owner) -> None:
    contact_id = add(sdk, phone_number=phone.address)
    send(sdk, contact_id, phone)

    phone.press("refuse")

    assert "PhoneNumber" not in shown(sdk, contact_id)
    assert waiting(sdk, contact_id) == [TOM["email_address"]]


def test_a_refused_address_of_a_new_contact_stays_but_does_not_wait(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)

    email.press("refuse")

    contact = shown(sdk, contact_id)
    assert (contact["EmailAddress"], contact["Status"]) == (email.address, "Verifying")
    assert waiting(sdk, contact_id) == []


@pytest.mark.parametrize("way", ["link", "code"])
def test_a_refused_letter_proves_nothing_any_more(sdk: Sdk, email: Owner, way: str) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)
    email.press("refuse")

    email.press("confirm") if way == "link" else email.type_code()

    assert shown(sdk, contact_id)["Status"] == "Verifying"


def test_nothing_is_sent_to_a_refused_address_for_any_contact_of_the_directory(
    sdk: Sdk, other: Sdk, email: Owner
) -> None:
    contact_id = add(sdk, email_address=email.address)
    second = add(sdk, name="jerry", email_address=email.address)
    others = add(other, email_address=email.address)
    send(sdk, contact_id, email)
    path = email.path
    email.press("refuse")
    seen = len(email.letters)

    answers = [refused(sdk, each, email) for each in (contact_id, second)]
    again = email.press("again", path)

    assert answers == [NOT_FOUND] * 2
    assert waiting(sdk, second) == []
    assert again.status == 200
    assert len(email.letters) == seen
    assert waiting(other, others) == [email.address]


def test_a_refusal_holds_for_one_directory_alone(own_server_without_limits: Any) -> None:
    server = own_server_without_limits
    one, two = Sdk(server.account()), Sdk(server.account())
    owner = Owner(server, new_email())
    mine, theirs = add(one, email_address=owner.address), add(two, email_address=owner.address)
    send(one, mine, owner)
    owner.press("refuse")

    send(two, theirs, owner)
    owner.press("confirm")

    assert refused(one, mine, owner) == NOT_FOUND
    assert shown(two, theirs)["Status"] == "Active"


def test_the_administrator_is_told_in_the_mailbox_where_no_address_is_set(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)

    email.press("refuse")

    notices = [each for each in Owner(sdk.account.server, "administrator").letters if contact_id in each.content.text]
    assert len(notices) == 1
    assert notices[0].recipient == "administrator"
    assert email.address in notices[0].content.text
    assert (notices[0].content.link, notices[0].content.code) == ("", "")


def test_the_administrator_is_told_at_the_address_that_is_set(own_settings: Settings) -> None:
    with serving(replace(own_settings, administrator_email="admin@example.com")) as server:
        sdk, owner = Sdk(server.account()), Owner(server, new_phone())
        contact_id = add(sdk, phone_number=owner.address)
        send(sdk, contact_id, owner)

        owner.press("refuse")

        (notice,) = Owner(server, "admin@example.com").letters
        assert (notice.channel, notice.recipient) == ("email", "admin@example.com")
        assert contact_id in notice.content.text
        assert Owner(server, "administrator").letters == []


def test_a_lifted_refusal_lets_letters_through_again(own_server_without_limits: Any) -> None:
    server = own_server_without_limits
    sdk = Sdk(server.account())
    owner = Owner(server, new_email())
    contact_id = add(sdk, email_address=owner.address)
    send(sdk, contact_id, owner)
    owner.press("refuse")

    lifted = server.run(lambda open_: refusals.lift(open_, owner.address.upper()))

    send(sdk, contact_id, owner)
    assert lifted == 1
    assert waiting(sdk, contact_id) == [owner.address]
    owner.press("confirm")
    assert shown(sdk, contact_id)["Status"] == "Active"
