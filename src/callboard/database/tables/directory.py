"""Accounts, and the tree that they are in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from callboard.database.tables.base import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("directory_id", String(32), index=True),
    Column("is_management", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    comment="Management accounts and member accounts; one that is in no directory has no directory_id.",
)

directories = Table(
    "directories",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("root_folder_id", String(32), nullable=False, unique=True),
    Column("management_account_id", String(32), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("may_delete_members", Boolean),
    Column("has_control_policies", Boolean),
    Column("changed_at", BigInteger),
    comment="Resource directories, two switches that clients set and read back, and the moment of the last change of "
    "the tree.",
)

folders = Table(
    "folders",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("folder_id", String(32), primary_key=True),
    Column("parent_id", String(32)),
    Column("name", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"]),
    ForeignKeyConstraint(["directory_id", "parent_id"], ["folders.directory_id", "folders.folder_id"]),
    UniqueConstraint("directory_id", "parent_id", "name"),
    Index("folders_parent_index", "directory_id", "parent_id", "created_at", "folder_id"),
    comment="The root has no parent. A path holds the ids from the root's to its own; no folder ever moves.",
)

members = Table(
    "members",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("folder_id", String(32), nullable=False),
    Column("display_name", String(64), nullable=False),
    Column("account_name", String(128), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("payer_account_id", String(32)),
    Column("joined_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    Column("placed_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["directory_id", "folder_id"], ["folders.directory_id", "folders.folder_id"]),
    ForeignKeyConstraint(["account_id"], ["accounts.account_id"]),
    UniqueConstraint("directory_id", "display_name"),
    UniqueConstraint("directory_id", "account_name"),
    UniqueConstraint("account_id"),
    Index("members_folder_index", "directory_id", "folder_id", "joined_at", "account_id"),
    Index("members_order_index", "directory_id", "joined_at", "account_id"),
    comment="Member accounts: which folder each is in, and since when. The management account is no member.",
)

past_placements = Table(
    "past_placements",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("placed_at", BigInteger, primary_key=True),
    Column("left_at", BigInteger, primary_key=True),
    Column("path", Text, nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Where members were before, and from when to when: the path of a folder that may be gone.",
)

account_deletions = Table(
    "account_deletions",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    comment="Checks and deletions of resource accounts; what is done can still be asked for.",
)

tags = Table(
    "tags",
    metadata,
    Column("directory_id", String(32), primary_key=True),
    Column("resource_type", String(16), primary_key=True),
    Column("resource_id", String(32), primary_key=True),
    Column("tag_key", String(128), primary_key=True),
    Column("tag_value", String(128), nullable=False),
    ForeignKeyConstraint(["directory_id"], ["directories.directory_id"], ondelete="CASCADE"),
    Index("tags_value_index", "directory_id", "tag_key", "tag_value"),
    comment="Tags of members (Account) and folders (Folder).",
)
