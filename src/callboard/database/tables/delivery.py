"""The outbox. A letter with a message has no content of its own: it is written from the message when it goes."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, Text

from callboard.database.tables.base import metadata, partial_index

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
    Column("label", String(32)),
    Column("message_id", String(32)),
    Column("review_at", BigInteger),
    Column("trace", String(64)),
    Index("letters_due_index", "state", "channel", "directory_id", "due_at"),
    partial_index("letters_review_index", "review_at"),
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
