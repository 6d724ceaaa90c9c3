"""A directory's life: enabled, read by its members too, disabled with all that is in it, enabled anew."""

import re

import pytest

from callboard.contacts import refusals
from callboard.delivery import lists
from callboard.delivery.outbox import State
from callboard.verification import confirmation
from tests.contract.callers import Older, Sdk
from tests.contract.steps import add, add_active, bind, new_email, other_account, root_folder
from tests.directory.steps import create, listed
from tests.owner import Owner
from tests.serving import Account, Server

ENABLING = [(Sdk, "EnableResourceDirectory", {"enable_mode": "CurrentAccount"}), (Older, "InitResourceDirectory", {})]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize(("client", "action", "given"), ENABLING)
def test_an_account_enables_a_directory_and_manages_it_at_once(
    alone: Account, client: type[Sdk], action: str, given: dict[str, str]
) -> None:
    caller = client(alone)

    made = caller.call(action, **given)["ResourceDirectory"]

    assert set(made) == {
        "ResourceDirectoryId", "MasterAccountId", "MasterAccountName", "RootFolderId", "CreateTime"
    }  # fmt: skip
    assert re.fullmatch("rd-[A-Za-z0-9]{6}", made["ResourceDirectoryId"])
    assert re.fullmatch("r-[A-Za-z0-9]{6}", made["RootFolderId"])
    assert made["MasterAccountId"] == made["MasterAccountName"] == alone.account_id
    assert TIME.fullmatch(made["CreateTime"])
    assert listed(caller, parent_folder_id=made["RootFolderId"]) == []
    shown = caller.call("GetResourceDirectory")["ResourceDirectory"]
    assert {name: shown[name] for name in made} == made


def test_a_dry_run_makes_nothing(alone: Account) -> None:
    sdk = Sdk(alone)

    reply = sdk.call("EnableResourceDirectory", enable_mode="CurrentAccount", dry_run=True)

    assert set(reply) == {"RequestId"}
    assert sdk.refused("GetResourceDirectory").code == "ResourceDirectoryNotInUse"


def test_a_dry_run_finds_what_is_in_the_way(sdk: Sdk) -> None:
    refused = sdk.refused("EnableResourceDirectory", enable_mode="CurrentAccount", dry_run=True)

    assert refused.code == "EntityAlreadyExists.ResourceDirectory"


@pytest.mark.parametrize(
    ("maname", "code"),
    [
        ("a1@rdadmin.aliyunid.com", "Invalid.VerificationCode"),
        ("a.b-c_d@rdadmin.aliyunid.com", "Invalid.VerificationCode"),
        ("a" * 50 + "@rdadmin.aliyunid.com", "Invalid.VerificationCode"),
        ("a@rdadmin.aliyunid.com", "InvalidParameter.ManagementAccountName"),
        ("a" * 51 + "@rdadmin.aliyunid.com", "InvalidParameter.ManagementAccountName"),
        ("a..b@rdadmin.aliyunid.com", "InvalidParameter.ManagementAccountName"),
        ("-ab@rdadmin.aliyunid.com", "InvalidParameter.ManagementAccountName"),
        ("ab\n@rdadmin.aliyunid.com", "InvalidParameter.ManagementAccountName"),
        (None, "InvalidParameter.ManagementAccountName"),
    ],
)
def test_the_name_of_a_new_management_account_is_looked_at_before_its_code(
    alone: Account, maname: str | None, code: str
) -> None:
    refused = Sdk(alone).refused(
        "EnableResourceDirectory",
        enable_mode="NewManagementAccount",
        maname=maname,
        masecure_mobile_phone="86-13900001234",
    )

    assert refused.code == code


def test_a_directory_shows_its_settings(either: Sdk) -> None:
    shown = either.call("GetResourceDirectory")["ResourceDirectory"]

    assert shown["ResourceDirectoryId"] == either.account.directory_id
    assert shown["RootFolderId"] == root_folder(either.account)
    assert (shown["ControlPolicyStatus"], shown["MemberDeletionStatus"]) == ("Disabled", "Disabled")
    assert (shown["IdentityInformation"], shown["MemberAccountDisplayNameSyncStatus"]) == ("", "Disabled")


def test_a_member_reads_the_directory_that_it_is_in(either: Sdk) -> None:
    directory_id = either.account.directory_id
    member = other_account(either.account.server, directory_id=directory_id, is_management=False)

    shown = type(either)(member).call("GetResourceDirectory")

    assert shown["ResourceDirectory"] == either.call("GetResourceDirectory")["ResourceDirectory"]


def test_the_switches_are_set_and_read_back(either: Sdk) -> None:
    def shown() -> tuple[str, str]:
        found = either.call("GetResourceDirectory")["ResourceDirectory"]
        return found["ControlPolicyStatus"], found["MemberDeletionStatus"]

    assert either.call("EnableControlPolicy")["EnablementStatus"] == "Enabled"
    assert shown() == ("Enabled", "Disabled")
    set_ = either.call("SetMemberDeletionPermission", status="Enabled")
    assert set_["MemberDeletionStatus"] == "Enabled"
    assert set_["ManagementAccountId"] == either.account.account_id
    assert set_["ResourceDirectoryId"] == either.account.directory_id
    assert shown() == ("Enabled", "Enabled")
    assert either.call("DisableControlPolicy")["EnablementStatus"] == "Disabled"
    assert either.call("DisableControlPolicy")["EnablementStatus"] == "Disabled"
    either.call("SetMemberDeletionPermission", status="Disabled")
    assert shown() == ("Disabled", "Disabled")


def test_a_destroyed_directory_is_gone_and_can_be_enabled_anew(either: Sdk) -> None:
    old = either.call("GetResourceDirectory")["ResourceDirectory"]
    add(Sdk(either.account))

    assert set(either.call("DestroyResourceDirectory")) == {"RequestId"}

    assert either.refused("GetResourceDirectory").code == "ResourceDirectoryNotInUse"
    assert either.refused("CreateFolder", folder_name="team").code == "EntityNotExists.ResourceDirectory"
    assert either.refused("DestroyResourceDirectory").code == "EntityNotExists.ResourceDirectory"
    sdk = Sdk(either.account)
    new = sdk.call("EnableResourceDirectory", enable_mode="CurrentAccount")["ResourceDirectory"]
    assert new["ResourceDirectoryId"] != old["ResourceDirectoryId"]
    assert sdk.call("ListMessageContacts")["TotalCount"] == 0
    assert create(sdk)


def test_what_is_kept_of_contacts_goes_with_the_directory(sdk: Sdk) -> None:
    server, directory_id = sdk.account.server, sdk.account.directory_id
    owner, refusing = Owner(server, new_email()), Owner(server, new_email())
    contact_id = add_active(sdk)
    bind(sdk.account, contact_id, directory_id, at=1)
    for name, each in {"anna": owner, "berta": refusing}.items():
        waiting = add(sdk, name=name, email_address=each.address)
        sdk.call("SendEmailVerificationForMessageContact", contact_id=waiting, email_address=each.address)
    refusing.press("refuse")
    assert server.run(lambda open_: refusals.has(open_, directory_id, refusing.address))

    sdk.call("DestroyResourceDirectory")

    assert not server.run(lambda open_: refusals.has(open_, directory_id, refusing.address))
    assert owner.open().status == 404
    sdk.call("EnableResourceDirectory", enable_mode="CurrentAccount")
    sdk.call("ListMessageContacts", member=sdk.account.directory_id)


def test_a_proof_whose_directory_ends_while_it_is_looked_at_does_nothing(sdk: Sdk) -> None:
    server, directory_id = sdk.account.server, sdk.account.directory_id
    contact_id = add(sdk)
    runtime = server.runtime
    parts = (runtime.profile, runtime.terms, runtime.vault, runtime.new_id)
    visit = confirmation.Visit(runtime.clock(), "", None, *parts)
    sdk.call("DestroyResourceDirectory")

    done = server.run(lambda open_: confirmation.confirm_outright(visit.call(open_, directory_id), contact_id, None))

    assert done == []


def test_letters_that_nobody_has_taken_are_taken_back(sdk: Sdk, mailing: Server) -> None:
    caller = Sdk(Account(mailing, sdk.account.account_id, sdk.account.key_id, sdk.account.secret))
    address = new_email()
    contact_id = add(caller, email_address=address)
    caller.call("SendEmailVerificationForMessageContact", contact_id=contact_id, email_address=address)

    def states() -> list[str]:
        pages = mailing.run(lambda open_: [each for state in State for each in lists.page(open_, state, limit=1000)])
        return [each.state for each in pages if each.recipient == address]

    assert states() == ["waiting"]

    caller.call("DestroyResourceDirectory")

    assert states() == ["withdrawn"]
