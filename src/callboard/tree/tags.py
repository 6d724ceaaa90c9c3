"""SQL of tags: names with values that members (Account) and folders (Folder) carry, and by which lists are filtered."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, String, and_, bindparam, delete, func, or_, select, text

from callboard.database.statement import Connection, Slots, Statement
from callboard.database.tables import tags

ACCOUNT, FOLDER = "Account", "Folder"

MOST_TAGS = 20
"""In one call, whether given or asked for (directory-api.yaml)."""
MOST_RESOURCES = 100
"""The longest page whose tags are wanted at once."""

_OF_RESOURCE = (
    tags.c.directory_id == bindparam("directory_id"),
    tags.c.resource_type == bindparam("resource_type"),
    tags.c.resource_id == bindparam("resource_id"),
)
# Written out, as Core has no ON CONFLICT that serves both databases.
_SET = Statement(
    text(
        "INSERT INTO tags (directory_id, resource_type, resource_id, tag_key, tag_value) "
        "VALUES (:directory_id, :resource_type, :resource_id, :tag_key, :tag_value) "
        "ON CONFLICT (directory_id, resource_type, resource_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value"
    )
)
_REMOVE = Statement(delete(tags).where(*_OF_RESOURCE, tags.c.tag_key == bindparam("tag_key")))
_REMOVE_ALL = Statement(delete(tags).where(*_OF_RESOURCE))
_IDS = Slots("resource", MOST_RESOURCES)
_OF_TYPE = (tags.c.directory_id == bindparam("directory_id"), tags.c.resource_type == bindparam("resource_type"))
_OF_RESOURCES = Statement(
    select(tags.c.resource_id, tags.c.tag_key, tags.c.tag_value)
    .where(*_OF_TYPE, tags.c.resource_id.in_(_IDS.parameters))
    .order_by(tags.c.resource_id, tags.c.tag_key)
)


def _is_asked_for(number: int) -> ColumnElement[bool]:
    """Whether a tag is one of those that are asked for; one without a value stands for any value."""
    key, value = bindparam(f"tag_key_{number}", type_=String), bindparam(f"tag_value_{number}", type_=String)
    return and_(tags.c.tag_key == key, tags.c.tag_value == func.coalesce(value, tags.c.tag_value))


def matches(resource_type: str, resource_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a resource has every tag asked for; `asked_for` makes its parameters.

    Of the directory that the statement's own `directory_id` names. Where nothing is asked for, use a statement
    without it.
    """
    return resource_id.in_(
        select(tags.c.resource_id)
        .where(
            tags.c.directory_id == bindparam("directory_id"),
            tags.c.resource_type == resource_type,
            or_(*[_is_asked_for(number) for number in range(MOST_TAGS)]),
        )
        .group_by(tags.c.resource_id)
        .having(func.count() == bindparam("tag_count"))
    )


def asked_for(tags_wanted: Iterable[tuple[str, str | None]]) -> dict[str, object]:
    """The parameters of `matches` for at most MOST_TAGS tags; None as a value stands for any value."""
    wanted = set(tags_wanted)
    with_value = {key for key, value in wanted if value is not None}
    # A key with a value says more than the key alone. A key with two values is had by nothing, as it should be.
    narrow = sorted((key, value) for key, value in wanted if value is not None)
    pairs: list[tuple[str, str | None]] = [*narrow, *((key, None) for key, value in wanted if key not in with_value)]
    values: dict[str, object] = {"tag_count": len(pairs)}
    for number, (key, value) in enumerate([*pairs, *[("", None)] * (MOST_TAGS - len(pairs))]):
        values |= {f"tag_key_{number}": key, f"tag_value_{number}": value}
    return values


_AFTER = or_(
    tags.c.resource_id > bindparam("after_id"),
    and_(tags.c.resource_id == bindparam("after_id"), tags.c.tag_key > bindparam("after_key")),
)
_PAGES = {
    resource_type: Statement(
        select(tags.c.resource_id, tags.c.tag_key, tags.c.tag_value)
        .where(*_OF_TYPE, _AFTER, *([matches(resource_type, tags.c.resource_id)] if resource_type else []))
        .order_by(tags.c.resource_id, tags.c.tag_key)
        .limit(bindparam("limit"))
    )
    for resource_type in ("", ACCOUNT, FOLDER)
}


class Entry(Struct, frozen=True):
    """A tag of a resource."""

    resource_id: str
    key: str
    value: str


def set_tags(
    connection: Connection, directory_id: str, resource_type: str, resource_id: str, tags: Mapping[str, str]
) -> None:
    """Give a resource these tags besides those that it has; a key that it has gets the new value."""
    for key, value in sorted(tags.items()):
        connection.run(
            _SET,
            directory_id=directory_id,
            resource_type=resource_type,
            resource_id=resource_id,
            tag_key=key,
            tag_value=value,
        )


def remove(
    connection: Connection, directory_id: str, resource_type: str, resource_id: str, keys: Iterable[str]
) -> None:
    """Take the tags with these keys from a resource, if it has them."""
    for key in sorted(keys):
        connection.run(
            _REMOVE, directory_id=directory_id, resource_type=resource_type, resource_id=resource_id, tag_key=key
        )


def remove_all(connection: Connection, directory_id: str, resource_type: str, resource_id: str) -> None:
    """Take every tag from a resource."""
    connection.run(_REMOVE_ALL, directory_id=directory_id, resource_type=resource_type, resource_id=resource_id)


def of_resources(
    connection: Connection, directory_id: str, resource_type: str, ids: Sequence[str]
) -> dict[str, dict[str, str]]:
    """The tags of the resources of a page, at most MOST_RESOURCES, in the order of the keys; each id has its entry."""
    found: dict[str, dict[str, str]] = {resource_id: {} for resource_id in ids}
    rows = connection.all(_OF_RESOURCES, directory_id=directory_id, resource_type=resource_type, **_IDS.filled(ids))
    for resource_id, key, value in rows:
        found[resource_id][key] = value
    return found


def page(
    connection: Connection,
    directory_id: str,
    resource_type: str,
    *,
    ids: Sequence[str] = (),
    wanted: Sequence[tuple[str, str | None]] = (),
    after: tuple[str, str] = ("", ""),
    limit: int,
) -> list[Entry]:
    """Tags of the directory's resources, after a resource's id and a key.

    Of these resources (none named: of all), and of those alone that have every tag wanted.
    """
    if ids:
        carried = of_resources(connection, directory_id, resource_type, ids)
        found = [
            Entry(resource_id, key, value)
            for resource_id, held in sorted(carried.items())
            if _has_every(held, wanted)
            for key, value in sorted(held.items())
            if (resource_id, key) > after
        ]
        return found[:limit]
    rows = connection.all(
        _PAGES[resource_type if wanted else ""],
        directory_id=directory_id,
        resource_type=resource_type,
        after_id=after[0],
        after_key=after[1],
        limit=limit,
        **(asked_for(wanted) if wanted else {}),
    )
    return [Entry(*row) for row in rows]


def _has_every(held: Mapping[str, str], wanted: Sequence[tuple[str, str | None]]) -> bool:
    return all(key in held and value in (None, held[key]) for key, value in wanted)
