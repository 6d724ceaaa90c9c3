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
from callboard.database.tables.messages import (
    deliveries,
    drill_runs,
    drills,
    message_keys,
    message_templates,
    messages,
)
from callboard.database.tables.reach import (
    canaries,
    endpoints,
    preferences,
    provider_rates,
    unreachable,
    unsubscribed,
)

__all__ = [
    "access_keys",
    "account_deletions",
    "accounts",
    "attachments",
    "attempts",
    "audit_heads",
    "audit_records",
    "bindings",
    "canaries",
    "contacts",
    "deletions",
    "deliveries",
    "directories",
    "drill_runs",
    "drills",
    "endpoints",
    "folders",
    "group_members",
    "groups",
    "letters",
    "limits",
    "members",
    "message_keys",
    "message_templates",
    "messages",
    "metadata",
    "nonces",
    "past_bindings",
    "past_placements",
    "policies",
    "policy_versions",
    "preferences",
    "proofs",
    "provider_rates",
    "refusals",
    "retained_contacts",
    "roles",
    "sessions",
    "tags",
    "unbind_tasks",
    "unreachable",
    "unsubscribed",
    "usage",
    "users",
    "vault",
]
