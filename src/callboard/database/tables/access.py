"""Who may do what: the vault, keys, RAM users, groups, roles and policies, sessions, usage."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from callboard.database.tables.base import metadata

vault = Table(
    "vault",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("secret", LargeBinary),
    comment="The fingerprint of the master key, never the key itself; and the key of keyed hashes, encrypted under it.",
)

access_keys = Table(
    "access_keys",
    metadata,
    Column("access_key_id", String(128), primary_key=True),
    Column("account_id", String(32), nullable=False, index=True),
    Column("user_name", String(64)),
    Column("secret", LargeBinary, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    comment="Keys that sign requests; without user_name the account's own (root). The secret is encrypted.",
)

users = Table(
    "users",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("user_name", String(64), nullable=False),
    Column("display_name", Text, nullable=False),
    Column("mobile_phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("comments", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    UniqueConstraint("account_id", "user_name"),
    comment="RAM users. Other tables know them by user_id, so that a user can be renamed; access_keys by name.",
)

groups = Table(
    "groups",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("group_id", String(32), primary_key=True),
    Column("group_name", String(64), nullable=False),
    Column("comments", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    UniqueConstraint("account_id", "group_name"),
)

group_members = Table(
    "group_members",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("group_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("joined_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["account_id", "group_id"], ["groups.account_id", "groups.group_id"]),
    ForeignKeyConstraint(["account_id", "user_id"], ["users.account_id", "users.user_id"]),
    Index("group_members_user_index", "account_id", "user_id"),
)

roles = Table(
    "roles",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("role_id", String(32), primary_key=True),
    Column("role_name", String(64), nullable=False),
    Column("description", Text, nullable=False),
    Column("trust_policy", Text, nullable=False),
    Column("max_session_s", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    UniqueConstraint("account_id", "role_name"),
)

policies = Table(
    "policies",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("policy_name", String(128), primary_key=True),
    Column("description", Text, nullable=False),
    Column("default_version", Integer, nullable=False),
    Column("last_version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    comment="Custom policies. System policies stand in access/system_policies.py.",
)

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("policy_name", String(128), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["account_id", "policy_name"], ["policies.account_id", "policies.policy_name"], ondelete="CASCADE"
    ),
)

attachments = Table(
    "attachments",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("entity_id", String(32), primary_key=True),
    Column("policy_type", String(8), primary_key=True),
    Column("policy_name", String(128), primary_key=True),
    Column("entity_kind", String(8), nullable=False),
    Column("attached_at", BigInteger, nullable=False),
    Index("attachments_policy_index", "account_id", "policy_type", "policy_name"),
    comment="Which policies a user, group or role has.",
)

sessions = Table(
    "sessions",
    metadata,
    Column("access_key_id", String(128), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("role_id", String(32), nullable=False),
    Column("session_name", String(64), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("token_digest", LargeBinary(32), nullable=False),
    Column("policy", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    ForeignKeyConstraint(["account_id", "role_id"], ["roles.account_id", "roles.role_id"], ondelete="CASCADE"),
    comment="Temporary keys of assumed roles. The secret is encrypted; of the token there is a keyed hash.",
)

usage = Table(
    "usage",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("calls", Integer, nullable=False),
    Index("usage_minute_index", "minute"),
    comment="Calls of a principal, or of one of its actions, in a minute, over all replicas; the name is a digest.",
)

nonces = Table(
    "nonces",
    metadata,
    Column("digest", LargeBinary(16), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
    comment="Used nonces: a digest of access key id and nonce.",
)
