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

from callboard.database.tables.base import metadata, partial_index

messages = Table(
    "messages",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("message_id", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("run_id", String(32)),
    Column("account_id", String(32), nullable=False),
    Column("message_type", String(32), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("is_fallback", Boolean, nullable=False),
    Column("asks_acknowledgement", Boolean, nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("escalates_after_ms", BigInteger),
    Column("escalates_at", BigInteger),
    Column("told_from", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("deadline_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    UniqueConstraint("message_id"),
    Index("messages_order_index", "directory_id", "created_at", "message_id"),
    Index("messages_account_index", "directory_id", "account_id", "created_at", "message_id"),
    partial_index("messages_escalation_index", "escalates_at"),
    partial_index("messages_run_index", "run_id"),
    comment="Messages about member accounts, tests, and those of a drill's run. The body is encrypted. Who is told is "
    "whoever comes to the account by a scope that is at least so deep as told_from.",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("message_id", String(32), primary_key=True),
    Column("delivery_id", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("letter_id", String(32), nullable=False, index=True),
    Column("cause", String(16), nullable=False),
    Column("contact_id", String(32), nullable=False),
    Column("contact_name", Text, nullable=False),
    Column("channel", String(8), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("suppression", String(16)),
    Column("paths", Text, nullable=False),
    Column("digest_at", BigInteger),
    Column("receipt", String(16)),
    Column("receipt_at", BigInteger),
    Column("receipt_answer", Text),
    Column("acknowledged_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["directory_id", "message_id"], ["messages.directory_id", "messages.message_id"], ondelete="CASCADE"
    ),
    Index("deliveries_contact_index", "directory_id", "contact_id", "created_at", "delivery_id"),
    partial_index("deliveries_digest_index", "digest_at"),
    comment="To whom a message goes, by what and why (paths, JSON). letter_id names the letter that carries it: its "
    "own, that of another delivery to the same address, or a digest; empty where there is none (yet).",
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

message_templates = Table(
    "message_templates",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("document", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Texts of messages with variables, in one language or both (JSON).",
)

drills = Table(
    "drills",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("drill_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("target_id", String(32), nullable=False),
    Column("message_type", String(32), nullable=False),
    Column("window_ms", BigInteger, nullable=False),
    Column("period_ms", BigInteger),
    Column("starts_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    partial_index("drills_start_index", "starts_at"),
    comment="Rehearsals: who of a member, or of all members below a scope, acknowledges within the window.",
)

drill_runs = Table(
    "drill_runs",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("run_id", String(32), primary_key=True),
    Column("drill_id", String(32), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("closes_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id", "drill_id"], ["drills.directory_id", "drills.drill_id"], ondelete="CASCADE"),
    Index("drill_runs_order_index", "directory_id", "drill_id", "started_at"),
    comment="Runs of drills. Their messages have the run's id.",
)
