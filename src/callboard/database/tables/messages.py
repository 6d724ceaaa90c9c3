"""Messages that were published, and to whom each goes."""

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

messages = Table(
    "messages",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("message_id", String(32), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("message_type", String(32), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("is_fallback", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("deadline_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    UniqueConstraint("message_id"),
    Index("messages_order_index", "directory_id", "created_at", "message_id"),
    Index("messages_account_index", "directory_id", "account_id", "created_at", "message_id"),
    comment="Messages about member accounts. The body (content, link, sender) is encrypted.",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("message_id", String(32), primary_key=True),
    Column("delivery_id", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("contact_id", String(32), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("suppression", String(16)),
    Column("reasons", Text, nullable=False),
    ForeignKeyConstraint(
        ["directory_id", "message_id"], ["messages.directory_id", "messages.message_id"], ondelete="CASCADE"
    ),
    comment="To whom a message goes, by what and why (JSON). The letter has the delivery's id; a suppressed one has "
    "none.",
)

message_keys = Table(
    "message_keys",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("idempotency_key", String(128), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("message_id", String(32), nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    ForeignKeyConstraint(
        ["directory_id", "message_id"], ["messages.directory_id", "messages.message_id"], ondelete="CASCADE"
    ),
    comment="What was published under which idempotency key, so that a call sent twice has one effect.",
)
