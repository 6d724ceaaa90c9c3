"""How people want to be reached, by what besides mail and SMS, and which addresses reach nobody."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, Text

from callboard.database.tables.base import metadata

preferences = Table(
    "preferences",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("contact_id", String(32), primary_key=True),
    Column("document", Text, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="How a contact wants to be told: language, channels, quiet hours, digests (JSON).",
)

unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("target_key", String(32), primary_key=True),
    Column("message_type", String(32), primary_key=True),
    Column("target", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Addresses whose owners want no messages of a type any more.",
)

unreachable = Table(
    "unreachable",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("target_key", String(32), primary_key=True),
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("letter_id", String(32), nullable=False),
    Column("since", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Addresses that reach nobody, as what was sent there came back.",
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("endpoint_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("owner_id", String(32), nullable=False),
    Column("message_types", Text, nullable=False),
    Column("code_digest", LargeBinary(32)),
    Column("code_expires_at", BigInteger),
    Column("code_attempts", Integer, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    Index("endpoints_owner_index", "directory_id", "owner_id"),
    comment="Webhooks and chats that are told beside people, for a contact or a scope. The secrets (address, key of "
    "the signatures) are encrypted.",
)

canaries = Table(
    "canaries",
    metadata,
    Column("canary_id", String(32), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("seen_at", BigInteger),
    Column("told_at", BigInteger),
    comment="Letters that the server sends to itself, to see whether a provider delivers what it takes.",
)

provider_rates = Table(
    "provider_rates",
    metadata,
    Column("channel", String(8), primary_key=True),
    Column("second", BigInteger, nullable=False),
    Column("used", Integer, nullable=False),
    comment="How many letters all workers have handed over in a channel within the last second that any did.",
)
