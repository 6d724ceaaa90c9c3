"""The policies that every account has: they cannot be changed, and stand here instead of in the database."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct


class SystemPolicy(Struct, frozen=True):
    """One system policy, with the document as it is shown."""

    name: str
    description: str
    document: str


def _policy(name: str, description: str, *statements: dict[str, Any]) -> SystemPolicy:
    document = msgspec.json.format(msgspec.json.encode({"Version": "1", "Statement": list(statements)}), indent=2)
    return SystemPolicy(name, description, document.decode())


def _allow(actions: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": "*"}


_RECIPIENTS = ["callboard:ListCoverageGaps", "callboard:ListEffectiveContacts", "callboard:ListRecipients"]
_CONTACTS_READ = [
    "resourcemanager:GetMessageContact",
    "resourcemanager:GetMessageContactDeletionStatus",
    "resourcemanager:ListMessageContacts",
    "resourcemanager:ListMessageContactVerifications",
    *_RECIPIENTS,
]
_CONTACTS = [
    "resourcemanager:*MessageContact*",
    "resourcemanager:AssociateMembers",
    "resourcemanager:DisassociateMembers",
    *_RECIPIENTS,
]
_ENDPOINTS_READ = ["callboard:GetEndpoint", "callboard:ListEndpoints"]
_ENDPOINTS = [
    "callboard:ConfirmEndpoint",
    "callboard:CreateEndpoint",
    "callboard:DeleteEndpoint",
    "callboard:RotateEndpointKey",
    "callboard:SendEndpointCode",
    "callboard:UpdateEndpoint",
    *_ENDPOINTS_READ,
]
_MESSAGES_READ = [
    "callboard:GetMessage",
    "callboard:GetMessageTemplate",
    "callboard:ListDeliveries",
    "callboard:ListMessages",
    "callboard:ListMessageTemplates",
    "callboard:ListUnreachableAddresses",
    "callboard:ListUnsubscribedAddresses",
    "callboard:PreviewMessageTemplate",
]
_MESSAGES = [
    "callboard:AcknowledgeMessage",
    "callboard:DeleteMessageTemplate",
    "callboard:LiftUnreachableAddress",
    "callboard:PublishMessage",
    "callboard:PublishMessages",
    "callboard:PutMessageTemplate",
    "callboard:ResendMessage",
    "callboard:SendTestMessage",
    "callboard:SubscribeAddress",
    *_MESSAGES_READ,
]

SYSTEM_POLICIES: Mapping[str, SystemPolicy] = {
    each.name: each
    for each in (
        _policy("AdministratorAccess", "Everything in the account.", _allow(["*"])),
        _policy(
            "AliyunResourceDirectoryFullAccess",
            "Everything in the resource directory, its message contacts included.",
            _allow(["resourcemanager:*"]),
        ),
        _policy(
            "AliyunResourceDirectoryReadOnlyAccess",
            "Reading the resource directory and its message contacts.",
            _allow(["resourcemanager:Get*", "resourcemanager:List*"]),
        ),
        _policy("AliyunRAMFullAccess", "Users, groups, roles and policies.", _allow(["ram:*"])),
        _policy(
            "AliyunRAMReadOnlyAccess", "Reading users, groups, roles and policies.", _allow(["ram:Get*", "ram:List*"])
        ),
        _policy("AliyunSTSAssumeRoleAccess", "Assuming roles.", _allow(["sts:AssumeRole"])),
        _policy("CallboardMessageContactFullAccess", "Everything about message contacts.", _allow(_CONTACTS)),
        _policy("CallboardMessageContactReadOnlyAccess", "Reading message contacts.", _allow(_CONTACTS_READ)),
        _policy("CallboardMessageFullAccess", "Publishing, reading and resending messages.", _allow(_MESSAGES)),
        _policy("CallboardMessageReadOnlyAccess", "Reading messages, and what became of them.", _allow(_MESSAGES_READ)),
        _policy("CallboardEndpointFullAccess", "Everything about webhooks and chats.", _allow(_ENDPOINTS)),
        _policy("CallboardEndpointReadOnlyAccess", "Reading webhooks and chats.", _allow(_ENDPOINTS_READ)),
        _policy(
            "CallboardAuditReadOnlyAccess",
            "Reading the audit trail, and asking why something is allowed.",
            _allow(["callboard:ListAuditRecords", "callboard:ExplainAccess"]),
        ),
    )
}
"""By name. Those that Alibaba Cloud has bear its names."""
