"""Messages: what was published, to whom each goes, and idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("message_type", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("is_fallback", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("messages_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "message_id", name=op.f("messages_pk")),
        sa.UniqueConstraint("message_id", name=op.f("messages_message_id_key")),
        comment="Messages about member accounts. The body (content, link, sender) is encrypted.",
    )
    op.create_index(
        "messages_account_index",
        "messages",
        ["directory_id", "account_id", "created_at", "message_id"],
        unique=False,
    )
    op.create_index(op.f("messages_created_at_index"), "messages", ["created_at"], unique=False)
    op.create_index("messages_order_index", "messages", ["directory_id", "created_at", "message_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("suppression", sa.String(length=16), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "message_id"],
            ["messages.directory_id", "messages.message_id"],
            name=op.f("deliveries_directory_id_message_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "message_id", "delivery_id", name=op.f("deliveries_pk")),
        comment="To whom a message goes, by what and why (JSON). The letter has the delivery's id; a suppressed one "
        "has none.",
    )
    op.create_table(
        "message_keys",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "message_id"],
            ["messages.directory_id", "messages.message_id"],
            name=op.f("message_keys_directory_id_message_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "idempotency_key", name=op.f("message_keys_pk")),
        comment="What was published under which idempotency key, so that a call sent twice has one effect.",
    )
    op.create_index(op.f("message_keys_expires_at_index"), "message_keys", ["expires_at"], unique=False)
