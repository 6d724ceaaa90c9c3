"""Folders: made, renamed, deleted, read, listed."""
