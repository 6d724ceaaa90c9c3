"""Who may bind contacts: whoever has the right to the contact and to each target of the call."""

from typing import Any

import pytest

from tests.access.rights import allow, user_with
from tests.access.test_isolation import call
from tests.contract.callers import Sdk
from tests.contract.steps import NOBODYS, add, shown
from tests.contract.test_bindings import finish_unbinding
from tests.contract.trees import Tree
from tests.signing import VERSION, Response

BINDING = ("AssociateMembers", "DisassociateMembers")
BOTH = tuple(f"resourcemanager:{action}" for action in BINDING)


class Office:
    """A tree with a folder of its own for each of two departments, and RAM users with rights to parts of it."""

    def __init__(self, sdk: Sdk) -> None:
        self.sdk, self.tree = sdk, Tree(sdk.account)
        self.contact_id = add(sdk)
        self.sales, self.law = self.tree.folder(), self.tree.folder()
        self.seller, self.lawyer = self.tree.member(self.sales), self.tree.member(self.law)
        self.prefix = f"acs:resourcemanager:*:{sdk.account.account_id}"
        self.top = f"{self.tree.directory_id}/{self.tree.root}"
        self.contact = f"{self.prefix}:messagecontact/{self.contact_id}"

    def user(self, *resources: str, statements: tuple[dict[str, Any], ...] = ()) -> Sdk:
        """A user who may bind these resources to each other."""
        allowed = [allow(*BOTH, resource=each) for each in resources]
        return Sdk(user_with(self.sdk.account, *allowed, *statements))

    def codes(self, user: Sdk, *members: str) -> list[str]:
        """What both actions answer; an empty text for success."""
        return [code(user, action, contact_id=self.contact_id, members=list(members)) for action in BINDING]


def code(user: Sdk, action: str, **parameters: Any) -> str:
    try:
        user.call(action, **parameters)
    except Exception as error:
        return str(getattr(error, "code", error))
    return ""


@pytest.fixture
def office(sdk: Sdk) -> Office:
    return Office(sdk)


DONE, DENIED = ["", ""], ["NoPermission", "NoPermission"]


def test_a_policy_on_everything_passes_contact_and_targets(office: Office) -> None:
    user = office.user("*")

    assert office.codes(user, office.sales, office.lawyer, office.tree.directory_id) == DONE


def test_the_right_to_the_contact_alone_is_not_enough(office: Office) -> None:
    user = office.user(office.contact)

    for target in (office.sales, office.seller, office.tree.directory_id, office.tree.root):
        assert office.codes(user, target) == DENIED
    assert shown(office.sdk, office.contact_id)["Members"] == []


def test_the_right_to_the_target_alone_is_not_enough(office: Office) -> None:
    user = office.user(f"{office.prefix}:folder/*", f"{office.prefix}:account/*")

    assert office.codes(user, office.sales) == DENIED


def test_an_administrator_of_a_folder_binds_it_and_what_is_below_it_and_nothing_else(office: Office) -> None:
    below = office.tree.folder(office.sales)
    path = f"{office.top}/{office.sales}"
    user = office.user(
        office.contact,
        f"{office.prefix}:folder/{path}",
        f"{office.prefix}:folder/{path}/*",
        f"{office.prefix}:account/{path}/*",
    )

    assert office.codes(user, office.sales, below, office.seller) == DONE
    for target in (office.law, office.lawyer, office.tree.directory_id, office.tree.root, "fd-ZDNPiTabcd"):
        assert office.codes(user, target) == DENIED
        assert office.codes(user, office.sales, target) == DENIED


def test_the_directory_and_its_root_folder_are_one_resource(office: Office) -> None:
    user = office.user(office.contact, f"{office.prefix}:folder/{office.top}")

    for name in (office.tree.directory_id, office.tree.root):
        assert office.codes(user, name) == DONE
        finish_unbinding(office.sdk.account.server)
    assert office.codes(user, office.sales) == DENIED


def test_the_right_to_another_contact_is_not_enough(office: Office) -> None:
    user = office.user(f"{office.prefix}:messagecontact/{NOBODYS}", f"{office.prefix}:folder/*")

    assert office.codes(user, office.sales) == DENIED


def test_a_member_may_be_excepted(office: Office) -> None:
    path = f"{office.top}/{office.sales}/{office.seller}"
    deny = {"Effect": "Deny", "Action": ["resourcemanager:*"], "Resource": f"{office.prefix}:account/{path}"}
    user = office.user("*", statements=(deny,))

    assert office.codes(user, office.seller) == DENIED
    assert office.codes(user, office.lawyer) == DONE


def test_a_list_in_another_form_names_the_same_targets(office: Office) -> None:
    user = office.user(office.contact, f"{office.prefix}:folder/{office.top}/{office.sales}")

    answer = [
        sent(user, office, {"Members": form})
        for form in (f'["{office.sales}","{office.law}"]', f"{office.sales},{office.law}")
    ]
    allowed = sent(user, office, {"Members": office.sales})

    assert [each.code for each in answer] == ["NoPermission"] * 2
    assert allowed.status == 200


@pytest.mark.parametrize("text", ["a\0b", "fd-\0", "1\0", "\ud7ff" * 500, "fd-" + "x" * 100_000])
def test_a_hostile_target_is_refused_in_form(office: Office, text: str) -> None:
    user = office.user("*")

    answer = sent(user, office, {"Members.1": text})

    assert (answer.status, answer.code) == (400, "InvalidParameter.Members")


def test_a_flood_of_targets_is_refused(office: Office) -> None:
    named = {"Members": ",".join(map(str, range(20_000)))}

    answers = [sent(office.user(*resources), office, named) for resources in (("*",), (office.contact,))]

    assert [each.code for each in answers] == ["InvalidParameter.Members", "NoPermission"]


def sent(user: Sdk, office: Office, members: dict[str, str]) -> Response:
    """The answer to a call whose parameters are as no SDK would write them."""
    return call(user.account, VERSION, "AssociateMembers", ContactId=office.contact_id, **members)
