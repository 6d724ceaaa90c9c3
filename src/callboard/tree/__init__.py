"""The resource directory: management accounts and their trees of folders and member accounts."""
