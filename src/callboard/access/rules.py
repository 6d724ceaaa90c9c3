"""What a principal may do. Pure: no SQL, no clock.

The account's own key has every right within its account (protocol.md, section 7). Anybody else is allowed what
a policy allows, and nothing by default.
"""

from callboard.access.errors import DirectoryNotEnabled, MemberAccountNotAllowed, NoPermission


def check_account(*, directory_id: str | None, is_management: bool) -> str:
    """The directory that the caller's account manages. Raises when it manages none."""
    if directory_id is None:
        raise DirectoryNotEnabled
    if not is_management:
        raise MemberAccountNotAllowed
    return directory_id


def check_permission(*, is_root: bool, permission: str, resource: str) -> None:
    """Raises NoPermission unless the principal may do this to that."""
    if not is_root:
        raise NoPermission(permission=permission, resource=resource)
