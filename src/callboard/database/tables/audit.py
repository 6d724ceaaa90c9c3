"""The audit trail."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, LargeBinary, String, Table, Text

from callboard.database.tables.base import metadata

Sequence = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts only an INTEGER PRIMARY KEY by itself.

audit_records = Table(
    "audit_records",
    metadata,
    Column("position", Sequence, Identity(), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("request_id", String(36), nullable=False),
    Column("principal", Text, nullable=False),
    Column("access_key_id", String(128)),
    Column("source_address", String(64)),
    Column("action", String(64), nullable=False),
    Column("resource", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("error", String(128)),
    Column("seal_number", BigInteger),
    Column("seal", LargeBinary(32)),
    Index("audit_records_account_index", "account_id", "at", "position"),
    Index("audit_records_principal_index", "account_id", "principal", "at", "position"),
    Index("audit_records_resource_index", "account_id", "resource", "at", "position"),
    Index("audit_records_seal_index", "seal_number", unique=True),
    comment="Who changed what, when, from where, and what stood there before and after; or what was refused.",
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("seal_number", BigInteger, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
    comment="The newest seal of the chain of audit records.",
)
