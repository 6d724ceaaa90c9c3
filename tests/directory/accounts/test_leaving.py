"""Members moved, taken out and deleted, and what becomes of their contacts, keys, tags and payers."""

import pytest
from sqlalchemy import select

from callboard.clock import wall_clock as now
from callboard.contacts import bindings
from callboard.database.statement import Statement
from callboard.database.tables import metadata
from callboard.tree import members, scopes
from tests.contract.account_steps import add_folder, create, create_cloud, listed, permit_deletion, shown
from tests.contract.callers import Caller, Older, Sdk
from tests.contract.steps import add_active, bind, root_folder
from tests.contract.test_audit_trail import differences, trail
from tests.contract.trees import kept_by
from tests.ram.users.clients import Ram


def in_effect(caller: Caller, account_id: str) -> list[str]:
    """The contacts in effect for a member by their bindings."""
    directory_id = caller.account.directory_id

    def work(open_: object) -> list[str]:
        above = scopes.of_account(open_, directory_id, account_id) or ()  # type: ignore[arg-type]
        return [each.contact.contact_id for each in bindings.in_effect(open_, directory_id, above)]  # type: ignore[arg-type]

    return list(caller.account.server.run(work))


def check(caller: Caller, account_id: str) -> dict[str, object]:
    caller.call("CheckAccountDelete", account_id=account_id)
    return dict(caller.call("GetAccountDeletionCheckResult", account_id=account_id)["AccountDeletionCheckResultInfo"])


def deletion(caller: Caller, account_id: str) -> dict[str, object]:
    return dict(caller.call("GetAccountDeletionStatus", account_id=account_id)["RdAccountDeletionStatus"])


def test_a_moved_member_is_where_it_was_moved_and_its_contacts_follow(sdk: Sdk) -> None:
    old = add_folder(sdk.account, "fd-abcdefghij", "old")
    new = add_folder(sdk.account, "fd-klmnopqrst", "new")
    of_old, of_new = add_active(sdk, name="old"), add_active(sdk, name="new")
    bind(sdk.account, of_old, old, at=now())
    bind(sdk.account, of_new, new, at=now())
    account_id = create(sdk, parent_folder_id=old)
    assert in_effect(sdk, account_id) == [of_old]

    sdk.call("MoveAccount", account_id=account_id, destination_folder_id=new)

    assert in_effect(sdk, account_id) == [of_new]
    assert shown(sdk, account_id)["Location"] == "root/new"
    assert differences(trail(sdk.account)[-1])["folder_id"] == (old, new)
    sdk.call("MoveAccount", account_id=account_id, destination_folder_id=root_folder(sdk.account))
    assert shown(sdk, account_id)["Location"] == "root"


def test_a_move_to_where_it_is_changes_nothing(sdk: Sdk) -> None:
    account_id = create(sdk)
    before = shown(sdk, account_id)

    sdk.call("MoveAccount", account_id=account_id, destination_folder_id=root_folder(sdk.account))

    assert shown(sdk, account_id) == before
    assert [each.action for each in trail(sdk.account)] == ["CreateResourceAccount"]


def test_a_removed_member_goes_on_without_directory_and_keeps_its_contacts(sdk: Sdk) -> None:
    account, directory_id = sdk.account, sdk.account.directory_id
    contact_id = add_active(sdk)
    bind(account, contact_id, directory_id, at=now())
    account_id = create_cloud(sdk, tag=[{"Key": "team", "Value": "a"}])
    member = Sdk(account.server.key(account_id))
    assert member.refused("ListAccounts").code == "MemberAccountOperationNotAllowed"

    sdk.call("RemoveCloudAccount", account_id=account_id)

    assert member.refused("ListAccounts").code == "EntityNotExists.ResourceDirectory"
    assert listed(sdk) == []
    assert sdk.call("ListTagResources", resource_type="Account")["TagResources"] == []
    kept = account.server.run(lambda open_: kept_by(open_, directory_id, account_id))
    assert [(each.contact.contact_id, each.cause) for each in kept] == [(contact_id, "Left")]
    record = trail(account)[-1]
    assert (record.action, record.after) == ("RemoveCloudAccount", None)


def test_a_deletion_takes_keys_and_everything_of_ram(sdk: Sdk, older: Older) -> None:
    server = sdk.account.server
    permit_deletion(sdk.account)
    account_id = create(sdk, tag=[{"Key": "team", "Value": "a"}])
    root, user = server.key(account_id), server.key(account_id, user_name="alice")
    ram = Ram(root)
    ram.call("CreateGroup", group_name="team")
    ram.call("AddUserToGroup", user_name="alice", group_name="team")
    ram.call("AttachPolicyToUser", user_name="alice", policy_name="AdministratorAccess", policy_type="System")

    assert check(older, account_id) == {"Status": "PreCheckComplete", "AllowDelete": "true", "AbandonableChecks": []}
    assert sdk.call("DeleteAccount", account_id=account_id)["DeletionType"] == "0"

    assert Sdk(root).refused("ListAccounts").code == "InvalidAccessKeyId.NotFound"
    assert Sdk(user).refused("ListAccounts").code == "InvalidAccessKeyId.NotFound"
    assert deletion(sdk, account_id)["Status"] == "Success"
    assert sdk.refused("GetAccount", account_id=account_id).code == "EntityNotExists.Account"
    owned = [table for table in metadata.sorted_tables if "account_id" in table.columns]
    rows = {
        table.name: server.run(
            lambda open_, table=table: open_.all(
                Statement(select(table.c.account_id).where(table.c.account_id == account_id))
            )
        )
        for table in owned
    }
    assert {name for name, found in rows.items() if found} <= {"audit_records", "past_placements", "account_deletions"}


def test_the_times_of_a_deletion_carry_the_documented_offset(sdk: Sdk) -> None:
    permit_deletion(sdk.account)
    account_id = create(sdk)
    sdk.call("DeleteAccount", account_id=account_id, abandonable_check_id=["nothing"])

    status = deletion(sdk, account_id)

    assert str(status["CreateTime"]).endswith("+08:00")
    assert status["CreateTime"] == status["DeletionTime"]
    assert (status["AccountId"], status["DeletionType"]) == (account_id, "0")


def test_a_check_tells_what_stands_against_a_deletion(sdk: Sdk) -> None:
    account_id = create_cloud(sdk)

    result = check(sdk, account_id)

    assert result["AllowDelete"] == "false"
    assert [each["CheckId"] for each in result["NotAllowReason"]] == ["MemberDeletionPermission", "AccountType"]  # type: ignore[attr-defined]
    (entry,) = sdk.call("ListAccounts")["Accounts"]["Account"]
    assert entry["DeletionStatus"] == "CheckFailed"
    status = deletion(sdk, account_id)
    assert status["Status"] == "CheckFailed"
    assert len(status["FailReasonList"]) == 2  # type: ignore[arg-type]
    assert sdk.refused("DeleteAccount", account_id=account_id).code == "AccountTypeOrStatusMismatch"


def test_nothing_is_deleted_unless_the_directory_permits_it(sdk: Sdk) -> None:
    account_id = create(sdk)
    assert sdk.refused("DeleteAccount", account_id=account_id).code == "AccountTypeOrStatusMismatch"

    permit_deletion(sdk.account)
    sdk.call("DeleteAccount", account_id=account_id)

    assert listed(sdk) == []


def test_a_deletion_that_nobody_tried_has_no_status(older: Older) -> None:
    account_id = create(older)

    assert deletion(older, account_id) == {"AccountId": account_id}


def test_a_name_is_free_again_after_a_deletion(sdk: Sdk) -> None:
    permit_deletion(sdk.account)
    first = create(sdk, account_name_prefix="alice")
    sdk.call("DeleteAccount", account_id=first)

    assert create(sdk, account_name_prefix="alice") != first


@pytest.mark.parametrize("leaves", ["RemoveCloudAccount", "DeleteAccount"])
def test_whoever_was_paid_for_pays_for_itself_when_the_payer_goes(sdk: Sdk, leaves: str) -> None:
    permit_deletion(sdk.account)
    payer = create_cloud(sdk, "Payer") if leaves == "RemoveCloudAccount" else create(sdk, "Payer")
    account_id = create(sdk, payer_account_id=payer)
    paid = sdk.call("GetPayerForAccount", account_id=account_id)
    assert (paid["PayerAccountId"], paid["PayerAccountName"]) == (payer, shown(sdk, payer)["AccountName"])

    sdk.call(leaves, account_id=payer)

    assert set(sdk.call("GetPayerForAccount", account_id=account_id)) == {"RequestId"}


def test_the_management_account_may_pay(sdk: Sdk) -> None:
    account_id = create(sdk)
    assert set(sdk.call("GetPayerForAccount", account_id=account_id)) == {"RequestId"}

    sdk.call("UpdatePayerForAccount", account_id=account_id, payer_account_id=sdk.account.account_id)

    assert sdk.call("GetPayerForAccount", account_id=account_id)["PayerAccountId"] == sdk.account.account_id
    directory_id = sdk.account.directory_id
    stored = sdk.account.server.run(lambda open_: members.find(open_, directory_id, account_id))
    assert stored.payer_account_id == sdk.account.account_id
    assert differences(trail(sdk.account)[-1]) == {"payer_account_id": (None, sdk.account.account_id)}
