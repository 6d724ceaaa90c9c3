"""Letters that prove nothing any more: withdrawn, used, replaced, expired, or another contact's."""

from typing import Any

import pytest

from callboard.audit import storage as audit
from tests.contract.callers import Sdk
from tests.contract.sending import add_pending, send
from tests.contract.steps import (
    TOM,
    add,
    new_email,
    new_phone,
    shown,
    waiting,
)
from tests.owner import Owner, path_of


def cancel(sdk: Sdk, contact_id: str) -> None:
    sdk.call("CancelMessageContactUpdate", contact_id=contact_id)


def replace_address(sdk: Sdk, contact_id: str) -> None:
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=new_email())


def delete(sdk: Sdk, contact_id: str) -> None:
    sdk.call("DeleteMessageContact", contact_id=contact_id, retain_contact_in_members=False)


@pytest.mark.parametrize("withdraw", [cancel, replace_address, delete])
@pytest.mark.parametrize("way", ["link", "code"])
def test_an_old_letter_does_nothing_once_its_address_does_not_wait_any_more(
    sdk: Sdk, email: Owner, withdraw: Any, way: str
) -> None:
    contact_id = add_pending(sdk, email)
    send(sdk, contact_id, email)
    withdraw(sdk, contact_id)
    before = (shown(sdk, contact_id), waiting(sdk, contact_id))

    answer = email.press("confirm") if way == "link" else email.type_code()

    assert answer.status == (303 if way == "link" else 403)
    assert email.open().status == 410
    assert (shown(sdk, contact_id), waiting(sdk, contact_id)) == before
    assert email.address not in str(before[0])


def test_an_old_letter_does_nothing_once_its_contact_is_gone(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)
    sdk.call("DeleteMessageContact", contact_id=contact_id)

    email.press("confirm")

    assert email.open().status == 404
    assert sdk.refused("GetMessageContact", contact_id=contact_id).code == "EntityNotExists.Contact"


@pytest.mark.parametrize("way", ["link", "code"])
def test_an_address_that_waits_again_after_a_cancel_is_not_proven_by_the_old_letter(
    sdk: Sdk, email: Owner, way: str
) -> None:
    contact_id = add_pending(sdk, email)
    send(sdk, contact_id, email)
    cancel(sdk, contact_id)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=email.address)

    email.press("confirm") if way == "link" else email.type_code()

    assert waiting(sdk, contact_id) == [email.address]
    assert shown(sdk, contact_id)["EmailAddress"] == TOM["email_address"]


def test_an_update_that_leaves_the_address_alone_leaves_its_letter_alone(sdk: Sdk, email: Owner) -> None:
    contact_id = add_pending(sdk, email)
    send(sdk, contact_id, email)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=email.address, title="Other", name="tim")

    email.press("confirm")

    assert shown(sdk, contact_id)["EmailAddress"] == email.address


def test_a_link_works_once(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)
    used = email.path
    email.press("confirm", used)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=new_email())
    after_change = shown(sdk, contact_id)

    email.press("confirm", used)

    assert shown(sdk, contact_id) == after_change
    records = sdk.account.server.run(lambda open_: audit.page(open_, sdk.account.account_id))
    assert [each.action for each in records].count("ConfirmMessageContactVerification") == 1


def test_a_code_works_once(sdk: Sdk, email: Owner) -> None:
    contact_id = add(sdk, email_address=email.address)
    send(sdk, contact_id, email)

    answers = [email.type_code().status for _ in range(2)]

    assert answers == [200, 403]


def test_another_contacts_code_proves_nothing(sdk: Sdk, email: Owner) -> None:
    one, two = add(sdk, email_address=email.address), add(sdk, name="jerry", email_address=new_email())
    stranger = Owner(sdk.account.server, waiting(sdk, two)[0])
    send(sdk, one, email)
    send(sdk, two, stranger)

    answer = stranger.type_code(email.code)

    assert answer.status == 403
    assert shown(sdk, two)["Status"] == "Verifying"


def test_a_letter_to_one_contact_leaves_another_contacts_letter_alone(own_server_without_limits: Any) -> None:
    server = own_server_without_limits
    sdk = Sdk(server.account())
    owner = Owner(server, new_email())
    one, two = add(sdk, email_address=owner.address), add(sdk, name="jerry", email_address=owner.address)
    send(sdk, one, owner)
    first = owner.path
    send(sdk, two, owner)

    owner.press("confirm", first)

    assert [shown(sdk, each)["Status"] for each in (one, two)] == ["Active", "Verifying"]


def test_a_newer_letter_makes_the_older_one_void(own_server_without_limits: Any) -> None:
    server = own_server_without_limits
    sdk = Sdk(server.account())
    owner = Owner(server, new_email())
    contact_id = add(sdk, email_address=owner.address)
    send(sdk, contact_id, owner)
    server.runtime.clock.advance(1)
    send(sdk, contact_id, owner)
    newer, older = owner.letters

    by_link = owner.press("confirm", path_of(older))
    by_code = owner.type_code(older.content.code)

    assert (by_link.status, by_code.status, owner.open(path_of(older)).status) == (303, 403, 410)
    assert shown(sdk, contact_id)["Status"] == "Verifying"
    owner.press("confirm", path_of(newer))
    assert shown(sdk, contact_id)["Status"] == "Active"


@pytest.mark.parametrize(("kind", "minutes"), [("email", 24 * 60), ("phone", 10)])
@pytest.mark.parametrize("way", ["link", "code"])
def test_a_letter_proves_until_its_time_is_over(
    own_server_without_limits: Any, kind: str, minutes: int, way: str
) -> None:
    server = own_server_without_limits
    sdk = Sdk(server.account())
    owner = Owner(server, new_email() if kind == "email" else new_phone())
    field = "email_address" if kind == "email" else "phone_number"
    contact_ids = [add(sdk, name=name, **{field: owner.address}) for name in ("tom", "jerry")]
    for contact_id in contact_ids:
        send(sdk, contact_id, owner)
    letters = owner.letters
    late = [each for each in contact_ids if owner.address in waiting(sdk, each)]
    server.runtime.clock.advance(minutes * 60_000 - 10_000)
    owner.press("confirm", path_of(letters[0])) if way == "link" else owner.type_code(letters[0].content.code)
    in_time = [each for each in late if owner.address not in waiting(sdk, each)]

    server.runtime.clock.advance(10_000)
    answer = owner.press("confirm", path_of(letters[1])) if way == "link" else owner.type_code(letters[1].content.code)

    assert len(in_time) == 1
    assert answer.status == (303 if way == "link" else 403)
    assert owner.open(path_of(letters[1])).status == 410
    assert len([each for each in late if owner.address in waiting(sdk, each)]) == 1
