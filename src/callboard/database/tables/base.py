"""What all tables share."""

from sqlalchemy import Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)


def partial_index(name: str, column: str) -> Index:
    """An index of the rows alone in which a column has a value: what is seldom there costs the others nothing."""
    has_value = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=has_value, postgresql_where=has_value)
