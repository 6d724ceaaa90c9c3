"""Where Alembic enters: it is handed an open connection and runs within that connection's transaction."""

from alembic import context

from callboard.database.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, transactional_ddl=True, transaction_per_migration=False
)
context.run_migrations()
