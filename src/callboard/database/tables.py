"""The whole schema on one page. Moments are whole milliseconds since 1970 in UTC; lists are JSON texts.

Every table of a directory's things begins its key with `directory_id`, so that no statement can reach past it.
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
    comment="Which master key encrypts the secrets here; never the key itself.",
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
    comment="Keys that sign requests; without user_name the account's own (root). The secret is encrypted.",
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
    Index("audit_records_account_index", "account_id", "at"),
    comment="Who changed what, when, from where, and what stood there before and after.",
)
