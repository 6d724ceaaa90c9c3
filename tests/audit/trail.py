"""Calls of Callboard's own product, and what they tell."""

from typing import Any

from tests.serving import Account
from tests.signing import Response, call_v3

VERSION = "2026-11-25"
TOM = {
    "Name": "tom",
    "EmailAddress": "tom@example.com",
    "Title": "CEO",
    "MessageTypes.1": "FaultMessage",
}


def ask(account: Account, action: str, **parameters: str) -> Response:
    """One signed call; names in snake case."""
    named = {"".join(part.title() for part in name.split("_")): value for name, value in parameters.items()}
    return call_v3(account, action, named, version=VERSION)


def records(account: Account, **parameters: str) -> list[dict[str, Any]]:
    """A page of the trail."""
    answer = ask(account, "ListAuditRecords", **parameters)
    assert answer.status == 200, answer.body
    return list(answer.json["AuditRecords"])


def every_record(account: Account, **parameters: str) -> list[dict[str, Any]]:
    """All pages of the trail."""
    found: list[dict[str, Any]] = []
    while True:
        answer = ask(account, "ListAuditRecords", **parameters).json
        found += answer["AuditRecords"]
        if "NextToken" not in answer:
            return found
        parameters["next_token"] = answer["NextToken"]


def names(found: list[dict[str, Any]]) -> list[str]:
    return [each["ActionName"] for each in found]


def add(account: Account, **changed: str) -> str:
    """Add a contact; its resource."""
    answer = call_v3(account, "AddMessageContact", {**TOM, **changed})
    assert answer.status == 200, answer.body
    contact_id = answer.json["Contact"]["ContactId"]
    return f"acs:resourcemanager:*:{account.account_id}:messagecontact/{contact_id}"


def id_of(resource: str) -> str:
    return resource.rpartition("/")[2]
