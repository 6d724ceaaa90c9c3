"""Contacts, what they are bound to, and how their addresses are proven."""

from sqlalchemy import (
    BigInteger,
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

past_bindings = Table(
    "past_bindings",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("target_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("bound_at", BigInteger, primary_key=True),
    Column("unbound_at", BigInteger, primary_key=True),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Bindings that are no more, and from when to when they were, so that the past can be asked for.",
)

retained_contacts = Table(
    "retained_contacts",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("target_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("retained_at", BigInteger, primary_key=True),
    Column("cause", String(16), nullable=False),
    Column("bound_to", String(32), nullable=False),
    Column("contact", Text, nullable=False),
    Column("released_at", BigInteger),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    Index("retained_contacts_contact_index", "directory_id", "contact_id"),
    comment="Contacts as they were when they were deleted (Deleted) or a member left (Left). They stay in effect for "
    "the accounts that were at or below the target at that moment.",
)

unbind_tasks = Table(
    "unbind_tasks",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("target_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("requested_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Contacts that were taken out of a folder or the directory just now; nobody moves across it meanwhile.",
)
