"""The tree: folders, members, tags; bindings and places of the past; contacts that members retain."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "account_deletions",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("account_deletions_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "account_id", name=op.f("account_deletions_pk")),
        comment="Checks and deletions of resource accounts; what is done can still be asked for.",
    )
    op.create_table(
        "folders",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "parent_id"],
            ["folders.directory_id", "folders.folder_id"],
            name=op.f("folders_directory_id_parent_id_fk"),
        ),
        sa.ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], name=op.f("folders_directory_id_fk")),
        sa.PrimaryKeyConstraint("directory_id", "folder_id", name=op.f("folders_pk")),
        sa.UniqueConstraint("directory_id", "parent_id", "name", name=op.f("folders_directory_id_parent_id_name_key")),
        comment="The root has no parent. A path holds the ids from the root's to its own; no folder ever moves.",
    )
    op.create_index(
        "folders_parent_index", "folders", ["directory_id", "parent_id", "created_at", "folder_id"], unique=False
    )
    op.create_table(
        "past_bindings",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.Column("unbound_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("past_bindings_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id", "target_id", "contact_id", "bound_at", "unbound_at", name=op.f("past_bindings_pk")
        ),
        comment="Bindings that are no more, and from when to when they were, so that the past can be asked for.",
    )
    op.create_table(
        "past_placements",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("past_placements_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "account_id", "placed_at", "left_at", name=op.f("past_placements_pk")),
        comment="Where members were before, and from when to when: the path of a folder that may be gone.",
    )
    op.create_table(
        "retained_contacts",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("retained_at", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("bound_to", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("retained_contacts_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id", "target_id", "contact_id", "retained_at", name=op.f("retained_contacts_pk")
        ),
        comment="Contacts as they were when they were deleted (Deleted) or a member left (Left). They stay in effect "
        "for the accounts that were at or below the target at that moment.",
    )
    op.create_index(
        "retained_contacts_contact_index", "retained_contacts", ["directory_id", "contact_id"], unique=False
    )
    op.create_table(
        "tags",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("resource_type", sa.String(length=16), nullable=False),
        sa.Column("resource_id", sa.String(length=32), nullable=False),
        sa.Column("tag_key", sa.String(length=128), nullable=False),
        sa.Column("tag_value", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directories.directory_id"], name=op.f("tags_directory_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "resource_type", "resource_id", "tag_key", name=op.f("tags_pk")),
        comment="Tags of members (Account) and folders (Folder).",
    )
    op.create_index("tags_value_index", "tags", ["directory_id", "tag_key", "tag_value"], unique=False)
    op.create_table(
        "unbind_tasks",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directories.directory_id"],
            name=op.f("unbind_tasks_directory_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "target_id", "contact_id", name=op.f("unbind_tasks_pk")),
        comment="Contacts that were taken out of a folder or the directory just now; nobody moves across it meanwhile.",
    )
    op.create_table(
        "members",
        sa.Column("directory_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("display_name", sa.String(length=64), nullable=False),
        sa.Column("account_name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("payer_account_id", sa.String(length=32), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("members_account_id_fk")),
        sa.ForeignKeyConstraint(
            ["directory_id", "folder_id"],
            ["folders.directory_id", "folders.folder_id"],
            name=op.f("members_directory_id_folder_id_fk"),
        ),
        sa.PrimaryKeyConstraint("directory_id", "account_id", name=op.f("members_pk")),
        sa.UniqueConstraint("account_id", name=op.f("members_account_id_key")),
        sa.UniqueConstraint("directory_id", "account_name", name=op.f("members_directory_id_account_name_key")),
        sa.UniqueConstraint("directory_id", "display_name", name=op.f("members_directory_id_display_name_key")),
        comment="Member accounts: which folder each is in, and since when. The management account is no member.",
    )
    op.create_index(
        "members_folder_index", "members", ["directory_id", "folder_id", "joined_at", "account_id"], unique=False
    )
    op.create_index("members_order_index", "members", ["directory_id", "joined_at", "account_id"], unique=False)
    op.add_column("directories", sa.Column("may_delete_members", sa.Boolean(), nullable=True))
    op.add_column("directories", sa.Column("has_control_policies", sa.Boolean(), nullable=True))
    op.add_column("directories", sa.Column("changed_at", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments.
        op.create_table_comment(
            "directories",
            "Resource directories, two switches that clients set and read back, and the moment of the last change of "
            "the tree.",
        )
    _add_roots()
    _add_members()


def _add_roots() -> None:
    """Every directory has a root folder, which had no row so far."""
    op.execute(
        "INSERT INTO folders (directory_id, folder_id, parent_id, name, path, created_at) "
        "SELECT directory_id, root_folder_id, NULL, 'root', root_folder_id, created_at FROM directories"
    )


def _add_members() -> None:
    """Member accounts had no place so far: they are in the root folder."""
    op.execute(
        "INSERT INTO members (directory_id, account_id, folder_id, display_name, account_name, kind, status, "
        "joined_at, modified_at, placed_at) SELECT accounts.directory_id, account_id, root_folder_id, account_id, "
        "account_id, 'ResourceAccount', 'CreateSuccess', accounts.created_at, accounts.created_at, "
        "accounts.created_at FROM accounts JOIN directories ON directories.directory_id = accounts.directory_id "
        "WHERE NOT accounts.is_management"
    )
