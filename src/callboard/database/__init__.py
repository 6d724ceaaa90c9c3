"""Storage: the schema, its migrations, and how transactions run on SQLite and on PostgreSQL."""
