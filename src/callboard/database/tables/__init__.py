"""The whole schema, a page a subject. Moments are whole milliseconds since 1970 in UTC; lists are JSON texts.

Every table of a directory's things begins its key with `directory_id`, so that no statement can reach past it. The
outbox is the server's own, and claimed from over all directories.

A `..._key` is a digest of an address in one spelling (`contacts/addresses.py`): of one length, whatever the address.
"""

from callboard.database.tables.access import (
    access_keys,
    attachments,
    group_members,
    groups,
    nonces,
    policies,
    policy_versions,
    roles,
    sessions,
    usage,
    users,
    vault,
)
from callboard.database.tables.audit import audit_heads, audit_records
from callboard.database.tables.base import metadata
from callboard.database.tables.contacts import (
    bindings,
    contacts,
    deletions,
    limits,
    past_bindings,
    proofs,
    refusals,
    retained_contacts,
    unbind_tasks,
)
from callboard.database.tables.delivery import attempts, letters
from callboard.database.tables.directory import (
    account_deletions,
    accounts,
    directories,
    folders,
    members,
    past_placements,
    tags,
)
from callboard.database.tables.messages import deliveries, message_keys, messages

__all__ = [
    "access_keys",
    "account_deletions",
    "accounts",
    "attachments",
    "attempts",
    "audit_heads",
    "audit_records",
    "bindings",
    "contacts",
    "deletions",
    "deliveries",
    "directories",
    "folders",
    "group_members",
    "groups",
    "letters",
    "limits",
    "members",
    "message_keys",
    "messages",
    "metadata",
    "nonces",
    "past_bindings",
    "past_placements",
    "policies",
    "policy_versions",
    "proofs",
    "refusals",
    "retained_contacts",
    "roles",
    "sessions",
    "tags",
    "unbind_tasks",
    "usage",
    "users",
    "vault",
]
