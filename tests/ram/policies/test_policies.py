"""Policies and their versions, through the official client of RAM, on both databases."""

import re

import pytest

from callboard.access.system_policies import SYSTEM_POLICIES
from callboard.audit import storage as audit
from tests.ram.policies.cloud import Cloud, allow, deny, document, fresh

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
READS = document(allow("resourcemanager:Get*"))
SPACED = '{\n  "Version": "1",\n  "Statement": [ {"Effect":"Allow", "Action":"*", "Resource":"*"} ]\n}\n'


def create(root: Cloud, text: str = READS, **more: str) -> str:
    name = fresh("policy")
    root.call("CreatePolicy", policy_name=name, policy_document=text, **more)
    return name


def add_version(root: Cloud, name: str, text: str = READS, **more: object) -> str:
    reply = root.call("CreatePolicyVersion", policy_name=name, policy_document=text, **more)
    return str(reply["PolicyVersion"]["VersionId"])


def versions(root: Cloud, name: str) -> dict[str, bool]:
    """Each version of a policy, and whether it is in force."""
    reply = root.call("ListPolicyVersions", policy_type="Custom", policy_name=name)
    return {each["VersionId"]: each["IsDefaultVersion"] for each in reply["PolicyVersions"]["PolicyVersion"]}


def test_a_policy_is_created_with_its_first_version(root: Cloud) -> None:
    name = fresh("policy")

    created = root.call("CreatePolicy", policy_name=name, policy_document=READS, description="Only reads.")["Policy"]

    assert DATE.fullmatch(created.pop("CreateDate"))
    assert created == {
        "PolicyName": name,
        "PolicyType": "Custom",
        "Description": "Only reads.",
        "DefaultVersion": "v1",
    }


@pytest.mark.parametrize("text", [READS, SPACED], ids=["compact", "spaced"])
def test_a_policy_is_read_as_it_was_sent(root: Cloud, text: str) -> None:
    name = create(root, text, description="a\nb")

    reply = root.call("GetPolicy", policy_type="Custom", policy_name=name)

    policy, version = reply["Policy"], reply["DefaultPolicyVersion"]
    assert (policy["PolicyDocument"], version["PolicyDocument"]) == (text, text)
    assert (version["VersionId"], version["IsDefaultVersion"]) == ("v1", True)
    assert (policy["Description"], policy["AttachmentCount"]) == ("a\nb", 0)
    assert all(DATE.fullmatch(each) for each in (policy["CreateDate"], policy["UpdateDate"], version["CreateDate"]))


def test_a_system_policy_is_read_like_any_other(root: Cloud) -> None:
    reply = root.call("GetPolicy", policy_type="System", policy_name="AdministratorAccess")
    version = root.call("GetPolicyVersion", policy_type="System", policy_name="AdministratorAccess", version_id="v1")[
        "PolicyVersion"
    ]
    listed = root.call("ListPolicyVersions", policy_type="System", policy_name="AdministratorAccess")

    assert reply["Policy"]["PolicyType"] == "System"
    assert reply["DefaultPolicyVersion"] == version
    assert listed["PolicyVersions"]["PolicyVersion"] == [version]
    assert version["PolicyDocument"] == SYSTEM_POLICIES["AdministratorAccess"].document


def test_blanks_between_the_tokens_do_not_count_for_the_length(root: Cloud) -> None:
    long_name = "a" * (6144 - len(document(allow("a:", "*")).replace(" ", "")))
    fitting = document(allow(f"a:{long_name}", "*"))
    spaced = fitting.replace(",", ",\n" + " " * 100)

    assert create(root, spaced)
    assert root.code("CreatePolicy", policy_name=fresh("p"), policy_document=fitting.replace("a:a", "a:aa")) == (
        "InvalidParameter.PolicyDocument.Length"
    )


def test_a_description_is_changed(root: Cloud) -> None:
    name = create(root, description="old")

    described = root.call("UpdatePolicyDescription", policy_name=name, new_description="new")["Policy"]
    emptied = root.call("UpdatePolicyDescription", policy_name=name, new_description="")["Policy"]

    assert (described["Description"], described["DefaultVersion"]) == ("new", "v1")
    assert emptied["Description"] == ""


def test_a_version_is_added_and_put_in_force_when_asked_to(root: Cloud) -> None:
    name = create(root)

    assert add_version(root, name) == "v2"
    assert versions(root, name) == {"v1": True, "v2": False}
    assert add_version(root, name, SPACED, set_as_default=True) == "v3"
    assert versions(root, name) == {"v1": False, "v2": False, "v3": True}
    third = root.call("GetPolicyVersion", policy_type="Custom", policy_name=name, version_id="v3")["PolicyVersion"]
    assert (third["PolicyDocument"], third["IsDefaultVersion"]) == (SPACED, True)


def test_another_version_is_put_in_force(root: Cloud) -> None:
    name = create(root)
    add_version(root, name, SPACED)

    root.call("SetDefaultPolicyVersion", policy_name=name, version_id="v2")

    reply = root.call("GetPolicy", policy_type="Custom", policy_name=name)
    assert (reply["Policy"]["DefaultVersion"], reply["Policy"]["PolicyDocument"]) == ("v2", SPACED)


def test_a_number_is_not_given_to_a_version_again(root: Cloud) -> None:
    name = create(root)
    add_version(root, name)

    root.call("DeletePolicyVersion", policy_name=name, version_id="v2")

    assert add_version(root, name) == "v3"
    assert versions(root, name) == {"v1": True, "v3": False}


def test_the_oldest_version_that_is_not_in_force_makes_room_for_a_sixth(root: Cloud) -> None:
    name = create(root)
    for _ in range(4):
        add_version(root, name)

    refused = root.code("CreatePolicyVersion", policy_name=name, policy_document=READS)
    rotated = add_version(
        root, name, rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded", set_as_default=True
    )

    assert (refused, rotated) == ("LimitExceeded.Policy.Version", "v6")
    assert versions(root, name) == {"v1": False, "v3": False, "v4": False, "v5": False, "v6": True}


def test_a_policy_is_deleted_with_its_versions_when_asked_to(root: Cloud) -> None:
    name = create(root)
    add_version(root, name)

    refused = root.code("DeletePolicy", policy_name=name)
    root.call("DeletePolicy", policy_name=name, cascading_delete=True)

    assert refused == "DeleteConflict.Policy.Version"
    assert root.code("GetPolicy", policy_type="Custom", policy_name=name) == "EntityNotExist.Policy"


def test_policies_are_listed_by_type_and_all_together(root: Cloud) -> None:
    mine = sorted(create(root) for _ in range(3))
    root.call("AttachPolicyToRole", policy_type="Custom", policy_name=mine[0], role_name=root.role())
    root.call("AttachPolicyToRole", policy_type="System", policy_name="AdministratorAccess", role_name=root.role())

    def names(**given: str) -> list[str]:
        return [each["PolicyName"] for each in root.call("ListPolicies", **given)["Policies"]["Policy"]]

    everything = root.call("ListPolicies")
    counts = {each["PolicyName"]: each["AttachmentCount"] for each in everything["Policies"]["Policy"]}
    assert names(policy_type="Custom") == mine
    assert names(policy_type="System") == sorted(SYSTEM_POLICIES)
    assert list(counts) == mine + sorted(SYSTEM_POLICIES)
    assert [counts[name] for name in (*mine, "AdministratorAccess", "AliyunRAMFullAccess")] == [1, 0, 0, 1, 0]
    assert (everything["IsTruncated"], "Marker" in everything) == (False, False)


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_pages_of_any_size_hold_every_policy_once(root: Cloud, size: int) -> None:
    mine = sorted(create(root) for _ in range(4))
    found, marker = [], None
    while True:
        page = root.call("ListPolicies", max_items=size, marker=marker)
        found += [each["PolicyName"] for each in page["Policies"]["Policy"]]
        assert len(page["Policies"]["Policy"]) <= size
        if not page["IsTruncated"]:
            break
        marker = page["Marker"]

    assert found == mine + sorted(SYSTEM_POLICIES)


@pytest.mark.parametrize("marker", ["tom", "Custom/", "Other/tom", "System/a\0", "Custom/ ä"])
def test_a_marker_that_no_answer_gave_is_refused(root: Cloud, marker: str) -> None:
    assert root.code("ListPolicies", policy_type="Custom", marker=marker) == "InvalidParameter"


def test_a_system_policy_cannot_be_changed(root: Cloud) -> None:
    name = "AdministratorAccess"

    codes = {
        root.code("CreatePolicyVersion", policy_name=name, policy_document=READS),
        root.code("SetDefaultPolicyVersion", policy_name=name, version_id="v1"),
        root.code("DeletePolicyVersion", policy_name=name, version_id="v1"),
        root.code("UpdatePolicyDescription", policy_name=name, new_description="mine"),
        root.code("DeletePolicy", policy_name=name, cascading_delete=True),
    }

    assert codes == {"EntityNotExist.Policy"}
    assert root.code("CreatePolicy", policy_name=name, policy_document=READS) == "EntityAlreadyExists.Policy"


def test_each_change_is_in_the_audit_trail_and_a_refused_one_as_well(root: Cloud) -> None:
    name = create(root)
    add_version(root, name, document(deny("*")), set_as_default=True)
    root.code("DeletePolicyVersion", policy_name=name, version_id="v2")

    trail = root.server.run(lambda open_: audit.page(open_, root.account_id))
    mine = [each for each in trail if each.resource == f"acs:ram:*:{root.account_id}:policy/{name}"]

    assert [(each.action, each.error) for each in mine] == [
        ("CreatePolicy", None),
        ("CreatePolicyVersion", None),
        ("DeletePolicyVersion", "DeleteConflict.Policy.Version.Default"),
    ]
    assert '"default_version":1' in mine[1].before
    assert '"default_version":2' in mine[1].after
