"""The whole schema on one page. Moments are whole milliseconds since 1970 in UTC; lists are JSON texts.

Every table of a directory's things begins its key with `directory_id`, so that no statement can reach past it. The
outbox is the server's own, and claimed from over all directories.

A `..._key` is a digest of an address in one spelling (`contacts/addresses.py`): of one length, whatever the address.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)

Sequence = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts only an INTEGER PRIMARY KEY by itself.

vault = Table(
    "vault",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("secret", LargeBinary),
    comment="The fingerprint of the master key, never the key itself; and the key of keyed hashes, encrypted under it.",
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("directory_id", String(32), index=True),
    Column("is_management", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    comment="Management accounts and member accounts; one that is in no directory has no directory_id.",
)

directories = Table(
    "directories",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("root_folder_id", String(32), nullable=False, unique=True),
    Column("management_account_id", String(32), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
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

contacts = Table(
    "contacts",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("title", String(32), nullable=False),
    Column("message_types", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("email_address", Text, nullable=False),
    Column("email_verified_at", BigInteger),
    Column("pending_email_address", Text),
    Column("phone_number", String(32)),
    Column("phone_verified_at", BigInteger),
    Column("pending_phone_number", String(32)),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"]),
    UniqueConstraint("directory_id", "name"),
    UniqueConstraint("directory_id", "position"),
)

bindings = Table(
    "bindings",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("target_id", String(32), primary_key=True),
    Column("bound_at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["directory_id", "contact_id"], ["contacts.directory_id", "contacts.contact_id"], ondelete="CASCADE"
    ),
    Index("bindings_target_index", "directory_id", "target_id"),
    comment="Contacts bound directly to the directory, a folder or a member account.",
)

proofs = Table(
    "proofs",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("proof_id", String(32), primary_key=True),
    Column("contact_id", String(32), nullable=False),
    Column("target", Text, nullable=False),
    Column("target_key", String(32), nullable=False),
    Column("token_digest", LargeBinary(32), nullable=False, unique=True),
    Column("code_digest", LargeBinary(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    ForeignKeyConstraint(
        ["directory_id", "contact_id"], ["contacts.directory_id", "contacts.contact_id"], ondelete="CASCADE"
    ),
    Index("proofs_contact_index", "directory_id", "contact_id", "target_key"),
    Index("proofs_target_index", "target_key", "expires_at"),
    comment="Links and codes that owners were sent; keyed hashes of them, never they themselves.",
)

refusals = Table(
    "refusals",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("target_key", String(32), primary_key=True),
    Column("target", Text, nullable=False),
    Column("contact_id", String(32), nullable=False),
    Column("refused_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"]),
    comment="Addresses whose owner has said 'This isn't me': nothing is sent to them for this directory.",
)

limits = Table(
    "limits",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("recent", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    comment="Moments of what is limited (an account's letters, an address's, a source's), as JSON.",
)

letters = Table(
    "letters",
    metadata,
    Column("letter_id", String(32), primary_key=True),
    Column("directory_id", String(32), nullable=False),
    Column("contact_id", String(32), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_key", String(32), nullable=False),
    Column("content", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("deadline_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Index("letters_due_index", "state", "channel", "due_at"),
    Index("letters_contact_index", "directory_id", "contact_id", "recipient_key"),
    Index("letters_recipient_index", "recipient_key", "created_at"),
    comment="The outbox, and the mailbox. The content is encrypted, and gone once a provider has taken it.",
)

attempts = Table(
    "attempts",
    metadata,
    Column("letter_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("sender", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("answer", Text, nullable=False),
    ForeignKeyConstraint(["letter_id"], ["letters.letter_id"], ondelete="CASCADE"),
    comment="Each try to hand a letter to a provider, and what came of it.",
)

deletions = Table(
    "deletions",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("former_status", String(16), nullable=False),
    Column("failures", Text, nullable=False),
    Column("requested_at", BigInteger, nullable=False),
    Column("request_id", String(36), nullable=False),
    Column("principal", Text, nullable=False),
    ForeignKeyConstraint(
        ["directory_id", "contact_id"], ["contacts.directory_id", "contacts.contact_id"], ondelete="CASCADE"
    ),
    comment="Asynchronous deletions that are under way, or failed.",
)

audit_records = Table(
    "audit_records",
    metadata,
    Column("position", Sequence, Identity(), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("request_id", String(36), nullable=False),
    Column("principal", Text, nullable=False),
    Column("access_key_id", String(128)),
    Column("source_address", String(64)),
    Column("action", String(64), nullable=False),
    Column("resource", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("error", String(128)),
    Column("seal_number", BigInteger),
    Column("seal", LargeBinary(32)),
    Index("audit_records_account_index", "account_id", "at", "position"),
    Index("audit_records_principal_index", "account_id", "principal", "at", "position"),
    Index("audit_records_resource_index", "account_id", "resource", "at", "position"),
    Index("audit_records_seal_index", "seal_number", unique=True),
    comment="Who changed what, when, from where, and what stood there before and after; or what was refused.",
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("seal_number", BigInteger, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
    comment="The newest seal of the chain of audit records.",
)
