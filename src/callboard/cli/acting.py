"""How commands do what the API does: the same checks and handlers, in the operator's name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from callboard.cli.opening import load
from callboard.errors import ApiError, Conflict, StartupError, Unavailable


def act(action: str, given: Mapping[str, Any], find: Callable[[Any], Any]) -> Any:
    """The answer of one of our own actions, in the directory that `find` names in an open transaction.

    What is None is not given. Raises StartupError for what the API would refuse.
    """
    from callboard.api.decode import decode
    from callboard.api.model import ACTIONS

    def work(connection: Any) -> Any:
        record = ACTIONS["2026-11-25", action]
        request = decode(record, given, runtime.profile)
        return record.handle(runtime.own_call(connection, find(connection)), request)

    with opened() as runtime:
        return runtime.database.run(work)


@contextmanager
def opened() -> Iterator[Any]:
    """The runtime of a command, closed at its end. Raises StartupError for what is refused or not served within."""
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())
    try:
        yield runtime
    except ApiError as error:
        raise StartupError(error.message) from error
    except (Conflict, Unavailable) as error:
        raise StartupError(f"The database does not serve that now: {error}. Try again.") from error
    finally:
        runtime.database.close()


def directory_of(connection: Any, account: str | None) -> Any:
    """The directory that a management account has; without one, the only one there is."""
    from callboard.tree import directories

    found = [each for each in directories.every(connection) if account in (None, each.management_account_id)]
    if not found:
        raise StartupError(f"{account} manages no resource directory." if account else "There is no directory yet.")
    if len(found) > 1:
        names = ", ".join(each.management_account_id for each in found)
        raise StartupError(f"There are several resource directories. Name one with --account: {names}.")
    return found[0]


def variables(given: Iterable[str]) -> list[dict[str, str]] | None:
    """The variables of a template, from name=value."""
    pairs = [each.partition("=") for each in given]
    if not all(separator for _, separator, _ in pairs):
        raise StartupError("A variable is given as name=value.")
    return [{"Name": name, "Value": value} for name, _, value in pairs] or None
