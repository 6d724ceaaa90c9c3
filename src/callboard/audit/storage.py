"""SQL of the audit trail. A record is written in the transaction of the change that it tells of."""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from callboard.call import Call, Moment
from callboard.database.statement import Connection, Statement, insertion
from callboard.database.tables import audit_records as table

_ADD = insertion(table, without=frozenset({"position", "seal_number", "seal"}))
_PAGE = Statement(
    select(
        table.c.position,
        table.c.at,
        table.c.request_id,
        table.c.principal,
        table.c.access_key_id,
        table.c.source_address,
        table.c.action,
        table.c.resource,
        table.c.before,
        table.c.after,
        table.c.error,
    )
    .where(table.c.account_id == bindparam("account_id"))
    .order_by(table.c.position)
)


class AuditRecord(Struct, frozen=True):
    """One change. `before` and `after` are JSON; None before an addition and after a deletion."""

    position: int
    at: Moment
    request_id: str
    principal: str
    access_key_id: str | None
    source_address: str | None
    action: str
    resource: str
    before: str | None
    after: str | None
    error: str | None
    """The code of a refusal, which changed nothing."""


class Source(Struct, frozen=True):
    """Where a change comes from: who, in which request, from which address, when."""

    account_id: str
    at: Moment
    request_id: str
    principal: str
    access_key_id: str | None = None
    source_address: str | None = None

    @classmethod
    def of(cls, call: Call) -> "Source":
        who = call.principal
        return cls(who.account_id, call.now, call.request_id, who.arn, who.access_key_id, call.source_address)


def add(
    connection: Connection,
    source: Source,
    action: str,
    resource: str,
    *,
    before: Any = None,
    after: Any = None,
    error: str | None = None,
) -> None:
    """Record a change, in the transaction that makes it; or a refusal, in one of its own."""
    connection.run(
        _ADD,
        account_id=source.account_id,
        at=source.at,
        request_id=source.request_id,
        principal=source.principal,
        access_key_id=source.access_key_id,
        source_address=source.source_address,
        action=action,
        resource=resource,
        before=None if before is None else msgspec.json.encode(before).decode(),
        after=None if after is None else msgspec.json.encode(after).decode(),
        error=error,
    )


def page(connection: Connection, account_id: str) -> list[AuditRecord]:
    """Every change of an account, oldest first."""
    return [AuditRecord(*row) for row in connection.all(_PAGE, account_id=account_id)]
