"""Users, their access keys, and groups."""
