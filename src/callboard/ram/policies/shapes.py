"""What the policy and role actions share on the wire: how policies and versions are shown."""

from typing import Annotated

from msgspec import Meta

from callboard.access.grants import CUSTOM, SYSTEM
from callboard.access.system_policies import SYSTEM_POLICIES, SystemPolicy
from callboard.api.model import Shape
from callboard.ram.policies.storage import Policy, Version
from callboard.ram.shapes import Date, wire_date

SYSTEM_POLICIES_SINCE = 1_430_438_400_000
"""System policies have no date of their own: they are as old as this version of the API, 2015-05-01."""
SYSTEM_VERSION = 1

PolicyNameShown = Annotated[str, Meta(description="The name of the policy.", examples=["OSS-Administrator"])]
PolicyTypeShown = Annotated[str, Meta(description="System or Custom.", examples=["Custom"])]
DescriptionShown = Annotated[str, Meta(description="The description.", examples=["For the night shift."])]
DefaultVersion = Annotated[str, Meta(description="The version in force.", examples=["v1"])]
VersionIdShown = Annotated[str, Meta(description="The ID of the version.", examples=["v1"])]
DocumentShown = Annotated[str, Meta(description="The document, as it was sent.")]
IsDefaultVersion = Annotated[bool, Meta(description="Whether this version is in force.")]
AttachmentCount = Annotated[int, Meta(description="To how many users, groups and roles it is attached.", examples=[3])]


class PolicyListed(Shape):
    """A policy in a list."""

    policy_name: PolicyNameShown
    policy_type: PolicyTypeShown
    description: DescriptionShown
    default_version: DefaultVersion
    create_date: Date
    update_date: Date
    attachment_count: AttachmentCount


class PolicyVersionShown(Shape):
    """A version of a policy."""

    version_id: VersionIdShown
    is_default_version: IsDefaultVersion
    policy_document: DocumentShown
    create_date: Date


def version_id(number: int) -> str:
    return f"v{number}"


def listed(policy: Policy, attachments: int) -> PolicyListed:
    return PolicyListed(
        policy_name=policy.policy_name,
        policy_type=CUSTOM,
        description=policy.description,
        default_version=version_id(policy.default_version),
        create_date=wire_date(policy.created_at),
        update_date=wire_date(policy.modified_at),
        attachment_count=attachments,
    )


def system_listed(policy: SystemPolicy, attachments: int) -> PolicyListed:
    return PolicyListed(
        policy_name=policy.name,
        policy_type=SYSTEM,
        description=policy.description,
        default_version=version_id(SYSTEM_VERSION),
        create_date=wire_date(SYSTEM_POLICIES_SINCE),
        update_date=wire_date(SYSTEM_POLICIES_SINCE),
        attachment_count=attachments,
    )


def version_shown(version: Version, policy: Policy) -> PolicyVersionShown:
    return PolicyVersionShown(
        version_id=version_id(version.version),
        is_default_version=version.version == policy.default_version,
        policy_document=version.document,
        create_date=wire_date(version.created_at),
    )


def system_version(policy_name: str) -> PolicyVersionShown | None:
    """The one version of a system policy."""
    found = SYSTEM_POLICIES.get(policy_name)
    if found is None:
        return None
    return PolicyVersionShown(
        version_id=version_id(SYSTEM_VERSION),
        is_default_version=True,
        policy_document=found.document,
        create_date=wire_date(SYSTEM_POLICIES_SINCE),
    )
