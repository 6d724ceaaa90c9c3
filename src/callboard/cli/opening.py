"""How commands come to the settings, and to the database that the server uses."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from callboard import settings

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
