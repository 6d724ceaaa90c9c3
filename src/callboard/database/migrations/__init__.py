"""The schema's history (Alembic), applied on start or by `callboard migrate`."""
