"""The first schema: directories, access keys, contacts, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "access_keys",
        sa.Column("access_key_id", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("access_key_id", name=op.f("access_keys_pk")),
        comment="Keys that sign requests; without user_name the account's own (root). The secret is encrypted.",
    )
    op.create_index(op.f("access_keys_account_id_index"), "access_keys", ["account_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("directory_id", sa.String(length=32), nullable=True),
        sa.Column("is_management", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("accounts_pk")),
        comment="Management accounts and member accounts; one that is in no directory has no directory_id.",
    )
    op.create_index(op.f("accounts_directory_id_index"), "accounts", ["directory_id"], unique=False)
    op.create_table(
        "audit_records",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), nullable=False
        ),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("access_key_id", sa.String(length=128), nullable=True),
        sa.Column("source_address", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("audit_records_pk")),
        comment="Who changed what, when, from where, and what stood there before and after.",
    )
    op.create_index("audit_records_account_index", "audit_records", ["account_id", "at"], unique=False)
    op.create_table(
        "directories",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("root_folder_id", sa.String(length=32), nullable=False),
        sa.Column("management_account_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", name=op.f("directories_pk")),
        sa.UniqueConstraint("management_account_id", name=op.f("directories_management_account_id_key")),
        sa.UniqueConstraint("root_folder_id", name=op.f("directories_root_folder_id_key")),
    )
    op.create_table(
        "nonces",
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("nonces_pk")),
        comment="Used nonces: a digest of access key id and nonce.",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("nonces_expires_at_index"), "nonces", ["expires_at"], unique=False)
    op.create_table(
        "vault",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("vault_pk")),
        comment="Which master key encrypts the secrets here; never the key itself.",
    )
    op.create_table(
        "contacts",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=32), nullable=False),
        sa.Column("message_types", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("email_address", sa.Text(), nullable=False),
        sa.Column("email_verified_at", sa.BigInteger(), nullable=True),
        sa.Column("pending_email_address", sa.Text(), nullable=True),
        sa.Column("phone_number", sa.String(length=32), nullable=True),
        sa.Column("phone_verified_at", sa.BigInteger(), nullable=True),
        sa.Column("pending_phone_number", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], name=op.f("contacts_directory_id_fk")),
        sa.PrimaryKeyConstraint("directory_id", "contact_id", name=op.f("contacts_pk")),
        sa.UniqueConstraint("directory_id", "name", name=op.f("contacts_directory_id_name_key")),
        sa.UniqueConstraint("directory_id", "position", name=op.f("contacts_directory_id_position_key")),
    )
    op.create_table(
        "bindings",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "contact_id"],
            ["contacts.directory_id", "contacts.contact_id"],
            name=op.f("bindings_directory_id_contact_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "contact_id", "target_id", name=op.f("bindings_pk")),
        comment="Contacts bound directly to the directory, a folder or a member account.",
    )
    op.create_index("bindings_target_index", "bindings", ["directory_id", "target_id"], unique=False)
    op.create_table(
        "deletions",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("former_status", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "contact_id"],
            ["contacts.directory_id", "contacts.contact_id"],
            name=op.f("deletions_directory_id_contact_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "contact_id", name=op.f("deletions_pk")),
        comment="Asynchronous deletions that are under way, or failed.",
    )
