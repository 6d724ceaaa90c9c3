"""Who may call: accounts' access keys, their secrets, and what a principal is allowed."""
