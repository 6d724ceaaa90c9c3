"""Proofs of ownership: proofs, refusals, limits, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_key", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("letters_pk")),
        comment="The outbox, and the mailbox. The content is encrypted, and gone once a provider has taken it.",
    )
    op.create_index("letters_contact_index", "letters", ["directory_id", "contact_id", "recipient_key"], unique=False)
    op.create_index(op.f("letters_created_at_index"), "letters", ["created_at"], unique=False)
    op.create_index("letters_due_index", "letters", ["state", "channel", "due_at"], unique=False)
    op.create_index("letters_recipient_index", "letters", ["recipient_key", "created_at"], unique=False)
    op.create_table(
        "limits",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("recent", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("limits_pk")),
        comment="Moments of what is limited (an account's letters, an address's, a source's), as JSON.",
    )
    op.create_index(op.f("limits_expires_at_index"), "limits", ["expires_at"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.letter_id"], name=op.f("attempts_letter_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("attempts_pk")),
        comment="Each try to hand a letter to a provider, and what came of it.",
    )
    op.create_table(
        "refusals",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("refused_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], name=op.f("refusals_directory_id_fk")),
        sa.PrimaryKeyConstraint("directory_id", "target_key", name=op.f("refusals_pk")),
        comment="Addresses whose owner has said 'This isn't me': nothing is sent to them for this directory.",
    )
    op.create_table(
        "proofs",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("proof_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "contact_id"],
            ["contacts.directory_id", "contacts.contact_id"],
            name=op.f("proofs_directory_id_contact_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "proof_id", name=op.f("proofs_pk")),
        sa.UniqueConstraint("token_digest", name=op.f("proofs_token_digest_key")),
        comment="Links and codes that owners were sent; keyed hashes of them, never they themselves.",
    )
    op.create_index("proofs_contact_index", "proofs", ["directory_id", "contact_id", "target_key"], unique=False)
    op.create_index(op.f("proofs_expires_at_index"), "proofs", ["expires_at"], unique=False)
    op.create_index("proofs_target_index", "proofs", ["target_key", "expires_at"], unique=False)
