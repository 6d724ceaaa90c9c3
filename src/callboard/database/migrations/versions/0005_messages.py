"""Messages and all that reaches people besides letters of proof: templates, drills, preferences, endpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "canaries",
        sa.Column("canary_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("canary_id", name=op.f("canaries_pk")),
        comment="Letters that the server sends to itself, to see whether a provider delivers what it takes.",
    )
    op.create_index(op.f("canaries_created_at_index"), "canaries", ["created_at"], unique=False)
    op.create_table(
        "provider_rates",
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("provider_rates_pk")),
        comment="How many letters all workers have handed over in a channel within the last second that any did.",
    )
    op.create_table(
        "drills",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("drill_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("message_type", sa.String(length=32), nullable=False),
        sa.Column("window_ms", sa.BigInteger(), nullable=False),
        sa.Column("period_ms", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("drills_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "drill_id", name=op.f("drills_pk")),
        comment="Rehearsals: who of a member, or of all members below a scope, acknowledges within the window.",
    )
    op.create_index(
        "drills_start_index",
        "drills",
        ["starts_at"],
        unique=False,
        sqlite_where=sa.text("starts_at IS NOT NULL"),
        postgresql_where=sa.text("starts_at IS NOT NULL"),
    )
    op.create_table(
        "endpoints",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("endpoint_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("message_types", sa.Text(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("code_attempts", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("endpoints_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "endpoint_id", name=op.f("endpoints_pk")),
        comment="Webhooks and chats that are told beside people, for a contact or a scope. The secrets "
        "(address, key of the signatures) are encrypted.",
    )
    op.create_index("endpoints_owner_index", "endpoints", ["directory_id", "owner_id"], unique=False)
    op.create_table(
        "message_templates",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("message_templates_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "name", name=op.f("message_templates_pk")),
        comment="Texts of messages with variables, in one language or both (JSON).",
    )
    op.create_table(
        "messages",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("message_type", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("is_fallback", sa.Boolean(), nullable=False),
        sa.Column("asks_acknowledgement", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("escalates_after_ms", sa.BigInteger(), nullable=True),
        sa.Column("escalates_at", sa.BigInteger(), nullable=True),
        sa.Column("told_from", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("messages_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "message_id", name=op.f("messages_pk")),
        sa.UniqueConstraint("message_id", name=op.f("messages_message_id_key")),
        comment="Messages about member accounts, tests, and those of a drill's run. The body is encrypted. "
        "Who is told is whoever comes to the account by a scope that is at least so deep as "
        "told_from.",
    )
    op.create_index(
        "messages_account_index", "messages", ["directory_id", "account_id", "created_at", "message_id"], unique=False
    )
    op.create_index(op.f("messages_created_at_index"), "messages", ["created_at"], unique=False)
    op.create_index(
        "messages_escalation_index",
        "messages",
        ["escalates_at"],
        unique=False,
        sqlite_where=sa.text("escalates_at IS NOT NULL"),
        postgresql_where=sa.text("escalates_at IS NOT NULL"),
    )
    op.create_index("messages_order_index", "messages", ["directory_id", "created_at", "message_id"], unique=False)
    op.create_index(
        "messages_run_index",
        "messages",
        ["run_id"],
        unique=False,
        sqlite_where=sa.text("run_id IS NOT NULL"),
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )
    op.create_table(
        "preferences",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("preferences_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "contact_id", name=op.f("preferences_pk")),
        comment="How a contact wants to be told: language, channels, quiet hours, digests (JSON).",
    )
    op.create_table(
        "unreachable",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("unreachable_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "target_key", name=op.f("unreachable_pk")),
        comment="Addresses that reach nobody, as what was sent there came back.",
    )
    op.create_table(
        "unsubscribed",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("target_key", sa.String(length=32), nullable=False),
        sa.Column("message_type", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("unsubscribed_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "target_key", "message_type", name=op.f("unsubscribed_pk")),
        comment="Addresses whose owners want no messages of a type any more.",
    )
    op.create_table(
        "deliveries",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("suppression", sa.String(length=16), nullable=True),
        sa.Column("paths", sa.Text(), nullable=False),
        sa.Column("digest_at", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.String(length=16), nullable=True),
        sa.Column("receipt_at", sa.BigInteger(), nullable=True),
        sa.Column("receipt_answer", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "message_id"],
            ["messages.directory_id", "messages.message_id"],
            name=op.f("deliveries_directory_id_message_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "message_id", "delivery_id", name=op.f("deliveries_pk")),
        comment="To whom a message goes, by what and why (paths, JSON). letter_id names the letter that "
        "carries it: its own, that of another delivery to the same address, or a digest; empty where "
        "there is none (yet).",
    )
    op.create_index(
        "deliveries_contact_index",
        "deliveries",
        ["directory_id", "contact_id", "created_at", "delivery_id"],
        unique=False,
    )
    op.create_index(
        "deliveries_digest_index",
        "deliveries",
        ["digest_at"],
        unique=False,
        sqlite_where=sa.text("digest_at IS NOT NULL"),
        postgresql_where=sa.text("digest_at IS NOT NULL"),
    )
    op.create_index(op.f("deliveries_letter_id_index"), "deliveries", ["letter_id"], unique=False)
    op.create_table(
        "drill_runs",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("drill_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "drill_id"],
            ["drills.directory_id", "drills.drill_id"],
            name=op.f("drill_runs_directory_id_drill_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "run_id", name=op.f("drill_runs_pk")),
        comment="Runs of drills. Their messages have the run's id.",
    )
    op.create_index("drill_runs_order_index", "drill_runs", ["directory_id", "drill_id", "started_at"], unique=False)
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
    op.add_column("letters", sa.Column("label", sa.String(length=32), nullable=True))
    op.add_column("letters", sa.Column("message_id", sa.String(length=32), nullable=True))
    op.add_column("letters", sa.Column("review_at", sa.BigInteger(), nullable=True))
    op.add_column("letters", sa.Column("trace", sa.String(length=64), nullable=True))
    op.drop_index(op.f("letters_due_index"), table_name="letters")
    op.create_index("letters_due_index", "letters", ["state", "channel", "directory_id", "due_at"], unique=False)
    op.create_index(
        "letters_review_index",
        "letters",
        ["review_at"],
        unique=False,
        sqlite_where=sa.text("review_at IS NOT NULL"),
        postgresql_where=sa.text("review_at IS NOT NULL"),
    )
