"""Roles, through the official client of RAM, on both databases."""

import pytest

from tests.ram.policies.cloud import Cloud, fresh, trusting
from tests.ram.policies.test_policies import DATE


def test_a_role_is_created_and_read(root: Cloud) -> None:
    name, trust = fresh("Role"), trusting(root.root)

    created = root.call(
        "CreateRole",
        role_name=name,
        assume_role_policy_document=trust,
        description="Night shift.",
        max_session_duration=7200,
    )["Role"]
    shown = root.call("GetRole", role_name=name)["Role"]

    assert created["Arn"] == f"acs:ram::{root.account_id}:role/{name.lower()}"
    assert (len(created["RoleId"]), created["RoleId"][0], created["RoleId"].isdigit()) == (18, "3", True)
    assert {key: value for key, value in shown.items() if key != "UpdateDate"} == created
    assert (created["AssumeRolePolicyDocument"], created["Description"]) == (trust, "Night shift.")
    assert created["MaxSessionDuration"] == 7200
    assert DATE.fullmatch(shown["CreateDate"])
    assert DATE.fullmatch(shown["UpdateDate"])


def test_a_session_of_a_role_lasts_an_hour_unless_it_is_told_otherwise(root: Cloud) -> None:
    assert root.call("GetRole", role_name=root.role())["Role"]["MaxSessionDuration"] == 3600


def test_a_role_is_changed_and_what_is_absent_stays(root: Cloud) -> None:
    name = root.role(description="old", max_session_duration=7200)
    trust = trusting(f"acs:ram::{root.account_id}:user/alice")

    changed = root.call("UpdateRole", role_name=name, new_assume_role_policy_document=trust)["Role"]
    described = root.call("UpdateRole", role_name=name, new_description="", new_max_session_duration=43200)["Role"]

    assert (changed["AssumeRolePolicyDocument"], changed["Description"], changed["MaxSessionDuration"]) == (
        trust,
        "old",
        7200,
    )
    assert (described["AssumeRolePolicyDocument"], described["Description"], described["MaxSessionDuration"]) == (
        trust,
        "",
        43200,
    )
    assert root.call("GetRole", role_name=name)["Role"] == described


def test_a_role_is_deleted(root: Cloud) -> None:
    name = root.role()

    root.call("DeleteRole", role_name=name)

    assert root.code("GetRole", role_name=name) == "EntityNotExist.Role"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_roles_are_listed_page_by_page(root: Cloud, size: int) -> None:
    names = sorted(root.role() for _ in range(3))
    found, marker = [], None
    while True:
        page = root.call("ListRoles", max_items=size, marker=marker)
        found += [each["RoleName"] for each in page["Roles"]["Role"]]
        marker = page.get("Marker")
        assert page["IsTruncated"] == (marker is not None)
        if marker is None:
            break

    assert found == names


def test_no_two_roles_of_an_account_differ_in_letter_case_alone(root: Cloud) -> None:
    name = root.role()

    refused = root.code("CreateRole", role_name=name.upper(), assume_role_policy_document=trusting(root.root))

    assert refused == "EntityAlreadyExists.Role"
    assert root.code("GetRole", role_name=name.upper()) == "EntityNotExist.Role"
