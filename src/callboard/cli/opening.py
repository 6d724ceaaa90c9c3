"""How commands come to the settings, and to the database that the server uses."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import click

from callboard import settings
from callboard.errors import Conflict, StartupError, Unavailable

Result = TypeVar("Result")


def load() -> settings.Settings:
    """The settings in force, with a warning for variables that set nothing."""
    for name in settings.unknown():
        click.echo(f"callboard: there is no setting {name}; it has no effect.", err=True)
    return settings.load()


def with_database(work: Callable[[Any, Any], Result]) -> Result:
    """Run work(connection, vault) in one transaction over the configured database."""
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())
    try:
        return runtime.database.run(lambda connection: work(connection, runtime.vault))
    finally:
        runtime.database.close()


def reading(runtime: Any, work: Callable[[Any], Result]) -> Result:
    """Read beside a server that writes, not in its way."""
    try:
        found: Result = asyncio.run(runtime.database.transact(work, reads=True))
    except (Conflict, Unavailable) as error:
        raise StartupError(f"The database cannot be read: {error}. Try again.") from error
    return found


def moment_of(text: str | None) -> int | None:
    """The moment that an option names. Raises StartupError for what is none."""
    from callboard.clock import read_moment

    if text is None:
        return None
    found = read_moment(text)
    if found is None:
        raise StartupError(f"{text} is no moment in UTC: YYYY-MM-DDTHH:MM:SSZ.")
    return found
