"""A PostgreSQL database that one test after the other has for itself: its rows go, its schema stays."""

import uuid
from typing import Any, Self

import psycopg
from sqlalchemy import make_url

from callboard.database.migrate import VERSION_TABLE, migrate

WRITTEN_TO = """
SELECT string_agg(quote_ident(relname), ', ') FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 AND relname <> %s
"""
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
SCHEMA = "SELECT array_agg(oid ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


class Emptied:
    """A database on this server with the schema of this version."""

    def __init__(self, postgres: str) -> None:
        self._postgres, self._name = postgres, f"emptied_{uuid.uuid4().hex}"
        self.url = make_url(postgres).set(database=self._name).render_as_string(hide_password=False)
        self._schema: Any = None

    def __enter__(self) -> Self:
        with psycopg.connect(self._postgres, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {self._name}")
        migrate(self.url)
        with psycopg.connect(self.url) as database:
            self._schema = database.execute(SCHEMA).fetchone()
        return self

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self._postgres, autocommit=True) as server:
            server.execute(f"DROP DATABASE {self._name} WITH (FORCE)")

    def empty(self) -> None:
        """End whoever is still connected, and remove every row and every setting."""
        with psycopg.connect(self.url) as database:
            database.execute(OTHERS)
            database.execute(f"ALTER DATABASE {self._name} RESET ALL")
            (tables,) = database.execute(WRITTEN_TO, [VERSION_TABLE]).fetchone() or (None,)
            if tables:
                database.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            assert database.execute(SCHEMA).fetchone() == self._schema, "a test that changes the schema takes empty_url"
