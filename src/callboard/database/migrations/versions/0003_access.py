"""Who may do what: RAM users, groups, roles, policies, sessions; usage; the chain of audit records."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.String(length=32), nullable=False),
        sa.Column("policy_type", sa.String(length=8), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("entity_kind", sa.String(length=8), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "entity_id", "policy_type", "policy_name", name=op.f("attachments_pk")),
        comment="Which policies a user, group or role has.",
    )
    op.create_index(
        "attachments_policy_index", "attachments", ["account_id", "policy_type", "policy_name"], unique=False
    )
    op.create_table(
        "audit_heads",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("seal_number", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("audit_heads_pk")),
        comment="The newest seal of the chain of audit records.",
    )
    op.create_table(
        "groups",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("group_name", sa.String(length=64), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "group_id", name=op.f("groups_pk")),
        sa.UniqueConstraint("account_id", "group_name", name=op.f("groups_account_id_group_name_key")),
    )
    op.create_table(
        "policies",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("default_version", sa.Integer(), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "policy_name", name=op.f("policies_pk")),
        comment="Custom policies. System policies stand in access/system_policies.py.",
    )
    op.create_table(
        "roles",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role_id", sa.String(length=32), nullable=False),
        sa.Column("role_name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("trust_policy", sa.Text(), nullable=False),
        sa.Column("max_session_s", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("roles_pk")),
        sa.UniqueConstraint("account_id", "role_name", name=op.f("roles_account_id_role_name_key")),
    )
    op.create_table(
        "usage",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "minute", name=op.f("usage_pk")),
        comment="Calls of a principal, or of one of its actions, in a minute, over all replicas; the name is a digest.",
    )
    op.create_index("usage_minute_index", "usage", ["minute"], unique=False)
    op.create_table(
        "users",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("mobile_phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "user_id", name=op.f("users_pk")),
        sa.UniqueConstraint("account_id", "user_name", name=op.f("users_account_id_user_name_key")),
        comment="RAM users. Other tables know them by user_id, so that a user can be renamed; access_keys by name.",
    )
    op.create_table(
        "group_members",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "group_id"],
            ["groups.account_id", "groups.group_id"],
            name=op.f("group_members_account_id_group_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["users.account_id", "users.user_id"],
            name=op.f("group_members_account_id_user_id_fk"),
        ),
        sa.PrimaryKeyConstraint("account_id", "group_id", "user_id", name=op.f("group_members_pk")),
    )
    op.create_index("group_members_user_index", "group_members", ["account_id", "user_id"], unique=False)
    op.create_table(
        "policy_versions",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "policy_name"],
            ["policies.account_id", "policies.policy_name"],
            name=op.f("policy_versions_account_id_policy_name_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "policy_name", "version", name=op.f("policy_versions_pk")),
    )
    op.create_table(
        "sessions",
        sa.Column("access_key_id", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role_id", sa.String(length=32), nullable=False),
        sa.Column("session_name", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "role_id"],
            ["roles.account_id", "roles.role_id"],
            name=op.f("sessions_account_id_role_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("access_key_id", name=op.f("sessions_pk")),
        comment="Temporary keys of assumed roles. The secret is encrypted; of the token there is a keyed hash.",
    )
    op.create_index(op.f("sessions_expires_at_index"), "sessions", ["expires_at"], unique=False)
    op.add_column("access_keys", sa.Column("last_used_at", sa.BigInteger(), nullable=True))
    op.add_column("audit_records", sa.Column("error", sa.String(length=128), nullable=True))
    op.add_column("audit_records", sa.Column("seal_number", sa.BigInteger(), nullable=True))
    op.add_column("audit_records", sa.Column("seal", sa.LargeBinary(length=32), nullable=True))
    op.create_index("audit_records_seal_index", "audit_records", ["seal_number"], unique=True)
    op.drop_index("audit_records_account_index", "audit_records")
    for name in ("account", "principal", "resource"):
        columns = ["account_id", *([] if name == "account" else [name]), "at", "position"]
        op.create_index(f"audit_records_{name}_index", "audit_records", columns, unique=False)
    op.add_column("vault", sa.Column("secret", sa.LargeBinary(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments.
        _comment()
    _add_users()


def _comment() -> None:
    op.create_table_comment(
        "audit_records",
        "Who changed what, when, from where, and what stood there before and after; or what was refused.",
    )
    op.create_table_comment(
        "vault",
        "The fingerprint of the master key, never the key itself; and the key of keyed hashes, encrypted under it.",
    )


def _add_users() -> None:
    """Keys named their users before there were any."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT account_id, user_name, MIN(created_at) FROM access_keys WHERE user_name IS NOT NULL "
            "GROUP BY account_id, user_name ORDER BY account_id, user_name"
        )
    ).all()
    for number, (account_id, user_name, created_at) in enumerate(rows, 1):
        connection.execute(
            sa.text(
                "INSERT INTO users (account_id, user_id, user_name, display_name, mobile_phone, email, comments, "
                "created_at, modified_at) VALUES (:account_id, :user_id, :user_name, :user_name, '', '', '', "
                ":created_at, :created_at)"
            ),
            {
                "account_id": account_id,
                "user_id": f"2{number:017d}",
                "user_name": user_name,
                "created_at": created_at,
            },
        )
